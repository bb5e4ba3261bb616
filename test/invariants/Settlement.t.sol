// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISettlement} from "../../contracts/finance/payments/ISettlement.sol";
import {Test, vm} from "../support/Test.sol";
import {SettlementHandler} from "./SettlementHandler.sol";

/// @notice The handler asserts at every call that it succeeds exactly when the table of states allows it.
contract SettlementInvariants is Test {
    SettlementHandler internal handler;

    function setUp() public {
        handler = new SettlementHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](17);
        selectors[0] = SettlementHandler.open.selector;
        selectors[1] = SettlementHandler.reach.selector;
        selectors[2] = SettlementHandler.reach.selector;
        selectors[3] = SettlementHandler.reach.selector;
        selectors[4] = SettlementHandler.terminate.selector;
        selectors[5] = SettlementHandler.fund.selector;
        selectors[6] = SettlementHandler.fund.selector;
        selectors[7] = SettlementHandler.claim.selector;
        selectors[8] = SettlementHandler.claim.selector;
        selectors[9] = SettlementHandler.donate.selector;
        selectors[10] = SettlementHandler.toggleFreeze.selector;
        selectors[11] = SettlementHandler.toggleSuspension.selector;
        selectors[12] = SettlementHandler.togglePause.selector;
        selectors[13] = SettlementHandler.say.selector;
        selectors[14] = SettlementHandler.settleHeld.selector;
        selectors[15] = SettlementHandler.settleHeld.selector;
        selectors[16] = SettlementHandler.release.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_moneyIsConserved() public view {
        handler.assertMoneyConserved();
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_everyMilestoneIsPaidAtMostOnceAndOnlyWhenReached() public view {
        handler.assertPaidAtMostOnce();
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_escrowsPayOutWhatWasPaidIn() public view {
        handler.assertEscrowsBalance();
    }

    /// @dev The same calls in an order that does not depend on the runner: every edge and every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        for (uint256 world = 0; world < 8; ++world) {
            handler = new SettlementHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            handler.assertMoneyConserved();
            handler.assertPaidAtMostOnce();
            handler.assertEscrowsBalance();
            _add();
        }
        for (uint256 i = 0; i < _paths().length; ++i) {
            assertGt(seen[_paths()[i]], 0, string(abi.encodePacked("never: ", _paths()[i])));
        }
        for (uint256 i = 0; i < 5; ++i) {
            for (uint256 j = 0; j < 5; ++j) {
                bool allowed = _isEdge(ISettlement.State(i), ISettlement.State(j));
                string memory edge = string.concat(vm.toString(i), " to ", vm.toString(j));
                assertEq(seen[keccak256(abi.encode(i, j))] > 0, allowed, edge);
            }
        }
    }

    mapping(bytes32 path => uint256) internal seen;

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 300; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 index = seed >> 128;
            uint256 more = uint256(uint128(seed)) >> 8;
            uint256 choice = uint8(seed) % 19;
            if (choice < 2) handler.open(index, more);
            else if (choice < 6) handler.reach(index, more);
            else if (choice < 7) handler.terminate(index, more);
            else if (choice < 10) handler.fund(index, more);
            else if (choice < 12) handler.claim(index, more % 2 == 0);
            else if (choice < 13) handler.toggleFreeze(index, more % 2 == 0);
            else if (choice < 14) handler.toggleSuspension(index);
            else if (choice < 15) handler.togglePause(more, index % 2 == 0);
            else if (choice < 17) handler.settleHeld(index, more);
            else if (choice < 18) handler.release(index, more);
            else if (more % 2 == 0) handler.say(index, uint8(more));
            else handler.donate(index, more % 4 == 1);
        }
    }

    function _add() private {
        for (uint256 i = 0; i < _paths().length; ++i) seen[_paths()[i]] += handler.times(_paths()[i]);
        for (uint256 i = 0; i < 5; ++i) {
            for (uint256 j = 0; j < 5; ++j) {
                bytes32 edge = keccak256(abi.encode(i, j));
                seen[edge] += handler.times(edge);
            }
        }
    }

    function _isEdge(ISettlement.State from, ISettlement.State to) private pure returns (bool) {
        if (from == ISettlement.State.Unknown) return to == ISettlement.State.Open;
        if (from == ISettlement.State.Open) return uint256(to) > uint256(from);
        if (from == ISettlement.State.Funded || from == ISettlement.State.Owing) return to == ISettlement.State.Closed;
        return false;
    }

    function _paths() private pure returns (bytes32[19] memory) {
        return
            [
                bytes32("open"),
                "reach",
                "terminate",
                "fund",
                "claim",
                "paid",
                "held in suspense",
                "reached before funding",
                "closed by the last milestone",
                "owing",
                "owing paid",
                "refunded",
                "funded with something due",
                "settle held",
                "release",
                keccak256(abi.encode(bytes32("settle held"), "refused")),
                keccak256(abi.encode(bytes32("fund"), "refused")),
                keccak256(abi.encode(bytes32("claim"), "refused")),
                keccak256(abi.encode(bytes32("unknown kind"), "refused"))
            ];
    }
}
