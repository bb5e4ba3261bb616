// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {AttestedHeaders} from "../../../contracts/bridge/AttestedHeaders.sol";
import {Gateway} from "../../../contracts/bridge/Gateway.sol";
import {HeadProof} from "../../../contracts/bridge/IGateway.sol";
import {IHeaderVerifier} from "../../../contracts/bridge/IHeaderVerifier.sol";
import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
import {LightClient} from "../../../contracts/bridge/LightClient.sol";
import {Message} from "../../../contracts/bridge/MessageChain.sol";
import {Inbox} from "../../support/Recipients.sol";
import {RemoteChain} from "../../support/RemoteChain.sol";
import {Test, vm} from "../../support/Test.sol";

/// @notice A gateway linked to a remote chain of four validators, with the operator's roles, and who acts in the tests.
abstract contract BridgeTest is Test {
    uint64 internal constant OPERATOR = 1;
    uint64 internal constant GUARDIAN = 2;
    uint64 internal constant VALIDATOR_ADMIN = 3;
    uint32 internal constant VALIDATOR_DELAY = 1 days;

    uint256 internal constant REMOTE_CHAIN_ID = 31_338;
    uint256 internal constant MESSAGE_GAS = 500_000;
    /// @dev Around the time of the remote chain's headers, and long enough for all delays that tests let go by.
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant TRUSTING_PERIOD = 3_650 days;
    uint256 internal constant MAX_CLOCK_DRIFT = 1 days;

    address internal operator = makeAddr("operator");
    address internal guardian = makeAddr("guardian");
    address internal validatorAdmin = makeAddr("validator admin");
    address internal stranger = makeAddr("stranger");

    address internal remoteGateway = makeAddr("remote gateway");
    address internal tradeBook = makeAddr("trade book");
    address internal registry = makeAddr("registry");

    AccessManager internal authority;
    RemoteChain internal remote;
    AttestedHeaders internal verifier;
    LightClient internal client;
    Gateway internal gateway;
    Inbox internal inbox;

    function setUp() public virtual {
        vm.warp(START);
        remote = new RemoteChain(REMOTE_CHAIN_ID, remoteGateway, 4);
        remote.openLog(tradeBook);
        remote.openLog(registry);

        authority = new AccessManager(address(this));
        authority.grantRole(OPERATOR, operator, 0);
        authority.grantRole(GUARDIAN, guardian, 0);
        authority.grantRole(VALIDATOR_ADMIN, validatorAdmin, VALIDATOR_DELAY);

        verifier = new AttestedHeaders(address(authority), REMOTE_CHAIN_ID, remote.validators());
        _restrict(address(verifier), AttestedHeaders.setValidators.selector, VALIDATOR_ADMIN);
        client = _newLightClient(verifier);
        gateway = _deployGateway();
        inbox = new Inbox();

        vm.prank(operator);
        gateway.link(remoteGateway, client);
    }

    function _newLightClient(IHeaderVerifier headers) internal returns (LightClient) {
        return new LightClient(headers, TRUSTING_PERIOD, MAX_CLOCK_DRIFT);
    }

    function _deployGateway() internal returns (Gateway deployed) {
        deployed = new Gateway(address(authority), REMOTE_CHAIN_ID, MESSAGE_GAS);
        _restrict(address(deployed), Gateway.link.selector, OPERATOR);
        _restrict(address(deployed), Gateway.openLog.selector, OPERATOR);
        _restrict(address(deployed), Gateway.unpause.selector, OPERATOR);
        _restrict(address(deployed), Gateway.pause.selector, GUARDIAN);
        _restrict(address(deployed), Gateway.setLightClient.selector, VALIDATOR_ADMIN);
    }

    function _restrict(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        authority.setTargetFunctionRole(target, selectors, role);
    }

    /// @dev Schedules a call of VALIDATOR_ADMIN, lets the delay go by and makes it.
    function _afterDelay(address target, bytes memory data) internal {
        vm.prank(validatorAdmin);
        authority.schedule(target, data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY);
        vm.prank(validatorAdmin);
        authority.execute(target, data);
    }

    function _replaceLightClient() internal returns (LightClient replacement) {
        replacement = _newLightClient(verifier);
        _afterDelay(address(gateway), abi.encodeCall(Gateway.setLightClient, (ILightClient(replacement))));
    }

    /// @dev Shows the light client two sealed headers of one height.
    function _freeze() internal {
        uint256 number = remote.height() + 1;
        HeadProof memory one = remote.proveAt(tradeBook, number, "one");
        HeadProof memory other = remote.proveAt(tradeBook, number, "other");
        ILightClient present = gateway.lane().lightClient;
        present.update(one.header, one.seal);
        present.reportEquivocation(other.header, other.seal);
    }

    /// @dev `count` messages from the trade book to the inbox, told apart by their payloads.
    function _send(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            remote.send(tradeBook, address(inbox), abi.encode("payload", remote.sent(tradeBook)));
        }
    }

    /// @dev The trade book's messages in [first, end).
    function _messages(uint256 first, uint256 end) internal view returns (Message[] memory) {
        return remote.messages(tradeBook, first, end);
    }

    /// @dev The trade book's head after `count` messages.
    function _headAfter(uint256 count) internal view returns (bytes32) {
        return remote.headAfter(tradeBook, count);
    }

    /// @dev Delivers all that the trade book has sent, from its message `first` on.
    function _deliverFrom(uint256 first) internal {
        HeadProof memory proof = remote.prove(tradeBook);
        gateway.deliver(tradeBook, _headAfter(first), _messages(first, remote.sent(tradeBook)), proof);
    }

    function _deliverCall(uint256 first, uint256 end, HeadProof memory proof) internal view returns (bytes memory) {
        return abi.encodeCall(Gateway.deliver, (tradeBook, _headAfter(first), _messages(first, end), proof));
    }

    function _deliverProvenCall(uint256 first, uint256 end) internal view returns (bytes memory) {
        return abi.encodeCall(Gateway.deliverProven, (tradeBook, _headAfter(first), _messages(first, end)));
    }

    /// @dev The call reverts with exactly this error and these arguments.
    function _assertReverts(address target, bytes memory data, bytes memory expected) internal {
        (bool success, bytes memory returned) = target.call(data);
        assertFalse(success, "the call must revert");
        assertEq(returned, expected);
    }

    function _assertRevertsFrom(address caller, address target, bytes memory data, bytes memory expected) internal {
        vm.prank(caller);
        _assertReverts(target, data, expected);
    }
}
