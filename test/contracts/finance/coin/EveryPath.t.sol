// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {IAuthorisations} from "../../../../contracts/finance/coin/IAuthorisations.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {IIssuance} from "../../../../contracts/finance/coin/IIssuance.sol";
import {IRedemptions} from "../../../../contracts/finance/coin/IRedemptions.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";

contract Stray is ERC20("Stray", "STRAY") {
    constructor(address to) {
        _mint(to, 5);
    }
}

/// @notice One table of every function that changes a balance, tried in every state in which it must not; then batches and
/// stray tokens. That no function of the coin is missing from the roles is asked of its ABI by test/integration/roles.test.ts.
contract EveryPathTest is CoinTest {
    bytes32 internal constant TRANSFER = 0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267;
    bytes32 internal constant RECEIVE = 0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8;

    /// @dev `holder` is whose coins leave, or come in when they are created.
    struct Path {
        string name;
        address caller;
        bytes data;
        address holder;
        bool byForce;
    }

    uint256 internal pending;

    function setUp() public override {
        super.setUp();
        pending = _request(alice, 10);
        vm.prank(issuer);
        coin.setDestination(minter, issuer, true);
        _mint(issuer, 10);
        vm.startPrank(alice);
        coin.approve(address(custody), COINS);
        coin.approve(bob, COINS);
        vm.stopPrank();
    }

    // --------------------------------------------------------------------------------------------- the table

    /// @dev Each works when nothing stands in its way: otherwise the refusals below would prove nothing.
    function test_everyPath_free_succeeds() public {
        for (uint256 i = 0; i < _paths().length; ++i) {
            uint256 before = vm.snapshotState();
            _assertTaken(_paths()[i], "");
            vm.revertToState(before);
        }
    }

    function test_everyPath_paused_reverts() public {
        _pause();
        for (uint256 i = 0; i < _paths().length; ++i) {
            _assertTaken(_paths()[i], abi.encodeWithSelector(Pausable.EnforcedPause.selector));
        }
        _assertMoneyConserved();
    }

    function test_everyPath_frozenHolder_reverts() public {
        Path[] memory paths = _paths();
        for (uint256 i = 0; i < paths.length; ++i) {
            uint256 before = vm.snapshotState();
            _freeze(paths[i].holder);
            bytes memory frozen = abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, paths[i].holder);
            _assertTaken(paths[i], paths[i].byForce ? bytes("") : frozen);
            vm.revertToState(before);
        }
        _assertMoneyConserved();
    }

    function test_everyPath_frozenCaller_reverts() public {
        Path[] memory paths = _paths();
        for (uint256 i = 0; i < paths.length; ++i) {
            if (coin.isSystemAccount(paths[i].caller) || paths[i].byForce) continue;
            uint256 before = vm.snapshotState();
            _freeze(paths[i].caller);
            _assertTaken(paths[i], abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, paths[i].caller));
            vm.revertToState(before);
        }
        _assertMoneyConserved();
    }

    function test_everyPath_suspendedHolder_reverts() public {
        Path[] memory paths = _paths();
        for (uint256 i = 0; i < paths.length; ++i) {
            uint256 before = vm.snapshotState();
            _suspend(paths[i].holder);
            bytes memory refused = abi.encodeWithSelector(
                IParticipants.Participants_NotActive.selector,
                paths[i].holder
            );
            _assertTaken(paths[i], paths[i].byForce ? bytes("") : refused);
            vm.revertToState(before);
        }
        _assertMoneyConserved();
    }

    function _paths() private view returns (Path[] memory paths) {
        bytes memory toSpare = abi.encodeCall(IERC20.transfer, (aliceSpare, 1));
        paths = new Path[](15);
        paths[0] = Path("transfer", alice, toSpare, alice, false);
        paths[1] = Path("transferFrom", bob, _transferFrom(aliceSpare), alice, false);
        paths[2] = Path("transferFrom by a system account", address(custody), _transferFrom(bob), alice, false);
        paths[3] = Path("transfer in a batch", alice, _batch(toSpare), alice, false);
        paths[4] = Path("transferWithAuthorization", bob, _signed(TRANSFER, 0xe3ee160e, true), alice, false);
        paths[5] = Path("the same of bytes", bob, _signed(TRANSFER, 0xcf092995, false), alice, false);
        paths[6] = Path("receiveWithAuthorization", aliceSpare, _signed(RECEIVE, 0xef55bec6, true), alice, false);
        paths[7] = Path("the same of bytes", aliceSpare, _signed(RECEIVE, 0x88b7ab63, false), alice, false);
        paths[8] = Path("mint", minter, abi.encodeCall(IIssuance.mint, (alice, 1)), alice, false);
        paths[9] = Path("burn", issuer, abi.encodeCall(IIssuance.burn, (1)), issuer, false);
        paths[10] = Path("request", alice, abi.encodeCall(IRedemptions.requestRedemption, (1)), alice, false);
        paths[11] = Path("cancel", alice, abi.encodeCall(IRedemptions.cancelRedemption, (pending)), alice, false);
        bytes memory fulfil = abi.encodeCall(IRedemptions.fulfilRedemption, (pending, "paid"));
        paths[12] = Path("fulfil", issuer, fulfil, alice, false);
        bytes memory order = abi.encodeWithSelector(bytes4(0xd9d5f8f2), alice, bob, 1, ORDER);
        paths[13] = Path("forcedTransfer", compliance, order, alice, true);
        paths[14] = Path("the same in a batch", compliance, _batch(order), alice, true);
    }

    function _assertTaken(Path memory path, bytes memory expected) private {
        uint256 held = coin.balanceOf(path.holder) + coin.escrowedOf(path.holder) + coin.totalSupply();
        vm.prank(path.caller);
        (bool success, bytes memory reason) = address(coin).call(path.data);
        assertEq(success ? bytes("") : reason, expected, path.name);
        if (success) return;
        uint256 left = coin.balanceOf(path.holder) + coin.escrowedOf(path.holder) + coin.totalSupply();
        assertEq(left, held, path.name);
    }

    function _transferFrom(address to) private view returns (bytes memory) {
        return abi.encodeCall(IERC20.transferFrom, (alice, to, 1));
    }

    function _batch(bytes memory data) private pure returns (bytes memory) {
        bytes[] memory calls = new bytes[](1);
        calls[0] = data;
        return abi.encodeCall(Multicall.multicall, (calls));
    }

    function _signed(bytes32 kind, bytes4 selector, bool inParts) private view returns (bytes memory) {
        bytes memory fields = abi.encode(alice, aliceSpare, 1, 0, MONDAY + 1, selector);
        bytes32 message = keccak256(bytes.concat(kind, fields));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", coin.DOMAIN_SEPARATOR(), message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey, digest);
        if (inParts) return bytes.concat(selector, fields, abi.encode(v, r, s));
        return bytes.concat(selector, fields, abi.encode(7 * 32, 65), r, s, bytes32(bytes1(v)));
    }

    // ------------------------------------------------------------------------------------------------- batches

    function test_multicall_mintsAndFreezes_allOrNone() public moneyIsConserved {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IIssuance.mint, (alice, 3));
        calls[1] = abi.encodeCall(IIssuance.mint, (issuer, 4));
        minted += 7;
        vm.prank(minter);
        coin.multicall(calls);
        assertEq(coin.balanceOf(issuer), 14);

        calls[1] = abi.encodeCall(IIssuance.mint, (bob, 1));
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_DestinationNotAllowed.selector, minter, bob));
        vm.prank(minter);
        coin.multicall(calls);

        calls[0] = abi.encodeCall(ICompliance.freeze, (alice));
        calls[1] = abi.encodeCall(ICompliance.freeze, (bob));
        vm.prank(compliance);
        coin.multicall(calls);
        assertTrue(coin.isFrozen(alice) && coin.isFrozen(bob));
    }

    function test_multicall_authorisations_allOrNone() public moneyIsConserved {
        bytes[] memory calls = new bytes[](2);
        calls[0] = _signed(TRANSFER, 0xe3ee160e, true);
        calls[1] = _signed(TRANSFER, 0xcf092995, false);
        vm.prank(stranger);
        coin.multicall(calls);
        assertEq(coin.balanceOf(aliceSpare), 2);

        // Somebody handed one in before: the rest of the batch waits for another.
        calls[0] = abi.encodeCall(IAuthorisations.cancelPermits, ());
        vm.expectRevert(
            abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, alice, bytes32(bytes4(0xcf092995)))
        );
        vm.prank(stranger);
        coin.multicall(calls);
        assertEq(coin.nonces(stranger), 0);
    }

    /// @dev What is in a batch is asked for its own role, not for the batch's.
    function test_multicall_ofAnotherRole_reverts() public {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IAuthorisations.cancelPermits, ());
        calls[1] = abi.encodeCall(ICompliance.freeze, (bob));
        _expectUnauthorized(alice);
        vm.prank(alice);
        coin.multicall(calls);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = Multicall.multicall.selector;
        manager.setTargetFunctionRole(address(coin), selectors, ISSUER);
        _expectUnauthorized(issuer);
        vm.prank(issuer);
        coin.multicall(calls);
    }

    // -------------------------------------------------------------------------------------------- stray tokens

    function test_rescue_strayTokens_succeeds() public moneyIsConserved {
        Stray stray = new Stray(address(coin));
        vm.expectEmit(address(coin));
        emit IStablecoin.Rescued(stray, bob, 5);
        vm.prank(operator);
        coin.rescue(stray, bob, 5);
        assertEq(stray.balanceOf(bob), 5);
    }

    function test_rescue_coinsInRedemption_reverts() public moneyIsConserved {
        vm.expectRevert(abi.encodeWithSelector(IStablecoin.Stablecoin_NotStray.selector, coin));
        vm.prank(operator);
        coin.rescue(coin, bob, 1);
    }

    function test_rescue_moreThanThereIs_reverts() public {
        Stray stray = new Stray(address(coin));
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, address(coin), 5, 6));
        vm.prank(operator);
        coin.rescue(stray, bob, 6);
    }

    function test_rescue_anybodyElse_reverts() public {
        Stray stray = new Stray(address(coin));
        _expectUnauthorized(issuer);
        vm.prank(issuer);
        coin.rescue(stray, issuer, 1);
    }
}
