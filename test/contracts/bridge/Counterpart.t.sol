// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {IERC7786GatewaySource, IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {Counterpart} from "../../../contracts/bridge/Counterpart.sol";
import {IGateway} from "../../../contracts/bridge/IGateway.sol";
import {CounterpartHarness} from "../../support/Harnesses.sol";
import {vm} from "../../support/Test.sol";
import {BridgeTest} from "./BridgeTest.sol";

contract CounterpartTest is BridgeTest {
    CounterpartHarness internal settlement;
    bytes internal interoperableTradeBook;

    function setUp() public override {
        super.setUp();
        interoperableTradeBook = InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, tradeBook);
        settlement = new CounterpartHarness(address(authority), REMOTE_CHAIN_ID);
        _restrict(address(settlement), Counterpart.linkCounterpart.selector, OPERATOR);
        vm.startPrank(operator);
        gateway.openLog(address(settlement));
        settlement.linkCounterpart(address(gateway), tradeBook);
        vm.stopPrank();
    }

    // --------------------------------------------------------------------------------------- linkCounterpart

    function test_linkCounterpart_byOperator_succeeds() public {
        CounterpartHarness fresh = _fresh();
        vm.expectEmit(address(fresh));
        emit CrosschainLinked.LinkRegistered(address(gateway), interoperableTradeBook);
        vm.prank(operator);
        fresh.linkCounterpart(address(gateway), tradeBook);
        assertEq(fresh.counterpartChainId(), REMOTE_CHAIN_ID);
        (address linked, bytes memory counterpart) = fresh.getLink(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID));
        assertEq(linked, address(gateway));
        assertEq(counterpart, interoperableTradeBook);
    }

    function test_linkCounterpart_twice_reverts() public {
        _assertRevertsFrom(
            operator,
            address(settlement),
            abi.encodeCall(Counterpart.linkCounterpart, (address(gateway), registry)),
            abi.encodeWithSelector(
                CrosschainLinked.LinkAlreadyRegistered.selector,
                InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID)
            )
        );
    }

    function test_linkCounterpart_noGateway_reverts() public {
        CounterpartHarness fresh = _fresh();
        _assertRevertsFrom(
            operator,
            address(fresh),
            abi.encodeCall(Counterpart.linkCounterpart, (stranger, tradeBook)),
            ""
        );
    }

    function test_linkCounterpart_byOthers_reverts() public {
        address[3] memory others = [stranger, guardian, validatorAdmin];
        for (uint256 i = 0; i < others.length; ++i) {
            _assertRevertsFrom(
                others[i],
                address(settlement),
                abi.encodeCall(Counterpart.linkCounterpart, (address(gateway), stranger)),
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[i])
            );
        }
    }

    // ---------------------------------------------------------------------------------------- receiveMessage

    function test_receiveMessage_delivered_succeeds() public {
        remote.send(tradeBook, address(settlement), "release");
        _deliverFrom(0);
        assertEq(settlement.processed(), 1);
        assertEq(settlement.lastPayload(), "release");
    }

    function test_receiveMessage_otherSender_reverts() public {
        remote.send(registry, address(settlement), "release");
        bytes memory refusal = abi.encodeWithSelector(
            ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector,
            address(gateway),
            InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, registry)
        );
        bytes32 id = remote.headAfter(registry, 1);
        vm.expectEmit(address(gateway));
        emit IGateway.MessageFailed(id, registry, address(settlement), refusal);
        this.deliverRegistry();
        assertEq(settlement.processed(), 0);
        assertNotEq(gateway.failed(id), 0);
    }

    function test_receiveMessage_otherGateway_reverts() public {
        _assertNotReceived(stranger, interoperableTradeBook);
        _assertNotReceived(operator, interoperableTradeBook);
    }

    function test_receiveMessage_otherChain_reverts() public {
        _assertNotReceived(address(gateway), InteroperableAddress.formatEvmV1(block.chainid, tradeBook));
    }

    function test_receiveMessage_trailingByte_reverts() public {
        _assertNotReceived(address(gateway), bytes.concat(interoperableTradeBook, hex"00"));
    }

    function test_receiveMessage_notLinked_reverts() public {
        settlement = _fresh();
        _assertNotReceived(address(gateway), interoperableTradeBook);
        _assertNotReceived(address(0), interoperableTradeBook);
    }

    // ---------------------------------------------------------------------------------------------- sending

    function test_send_linked_succeeds() public {
        bytes32 messageHash = keccak256(abi.encodePacked(tradeBook, "paid"));
        bytes32 id = keccak256(abi.encode(gateway.headOf(address(settlement)), messageHash));
        vm.expectEmit(address(gateway));
        emit IERC7786GatewaySource.MessageSent(
            id,
            InteroperableAddress.formatEvmV1(block.chainid, address(settlement)),
            interoperableTradeBook,
            "paid",
            0,
            new bytes[](0)
        );
        settlement.send("paid");
        assertEq(gateway.headOf(address(settlement)), id);
    }

    function test_send_withoutLog_reverts() public {
        CounterpartHarness fresh = _fresh();
        vm.prank(operator);
        fresh.linkCounterpart(address(gateway), tradeBook);
        _assertReverts(
            address(fresh),
            abi.encodeCall(CounterpartHarness.send, ("paid")),
            abi.encodeWithSelector(IGateway.Gateway_UnknownSender.selector, address(fresh))
        );
    }

    function test_send_notLinked_reverts() public {
        _assertReverts(address(_fresh()), abi.encodeCall(CounterpartHarness.send, ("paid")), "");
    }

    // --------------------------------------------------------------------------------------------- internal

    /// @dev One call from outside, so that only its events are looked at.
    function deliverRegistry() external {
        gateway.deliver(
            registry,
            remote.headAfter(registry, 0),
            remote.messages(registry, 0, 1),
            remote.prove(registry)
        );
    }

    function _fresh() private returns (CounterpartHarness fresh) {
        fresh = new CounterpartHarness(address(authority), REMOTE_CHAIN_ID);
        _restrict(address(fresh), Counterpart.linkCounterpart.selector, OPERATOR);
    }

    function _assertNotReceived(address caller, bytes memory sender) private {
        _assertRevertsFrom(
            caller,
            address(settlement),
            abi.encodeCall(IERC7786Recipient.receiveMessage, (keccak256("id"), sender, "release")),
            abi.encodeWithSelector(
                ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector,
                caller,
                sender
            )
        );
        assertEq(settlement.processed(), 0);
    }
}
