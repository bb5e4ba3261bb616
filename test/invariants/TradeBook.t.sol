// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITradeBook} from "../../contracts/trade/sales/ITradeBook.sol";
import {Test, vm} from "../support/Test.sol";
import {TradeBookHandler} from "./TradeBookHandler.sol";

/// @notice The handler asserts at every call that it succeeds exactly when {ITradeBook} says so, and walks no other edge.
contract TradeBookInvariants is Test {
    uint256 internal constant STATES = 8;

    TradeBookHandler internal handler;
    mapping(bytes32 path => uint256) internal seen;

    function setUp() public {
        handler = new TradeBookHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](21);
        selectors[0] = TradeBookHandler.propose.selector;
        selectors[1] = TradeBookHandler.propose.selector;
        selectors[2] = TradeBookHandler.withdraw.selector;
        selectors[3] = TradeBookHandler.accept.selector;
        selectors[4] = TradeBookHandler.accept.selector;
        selectors[5] = TradeBookHandler.release.selector;
        selectors[6] = TradeBookHandler.release.selector;
        selectors[7] = TradeBookHandler.expire.selector;
        selectors[8] = TradeBookHandler.cancel.selector;
        selectors[9] = TradeBookHandler.dispute.selector;
        selectors[10] = TradeBookHandler.resolve.selector;
        selectors[11] = TradeBookHandler.resolve.selector;
        selectors[12] = TradeBookHandler.anchor.selector;
        selectors[13] = TradeBookHandler.anchor.selector;
        selectors[14] = TradeBookHandler.amend.selector;
        selectors[15] = TradeBookHandler.deliver.selector;
        selectors[16] = TradeBookHandler.fund.selector;
        selectors[17] = TradeBookHandler.claim.selector;
        selectors[18] = TradeBookHandler.disturb.selector;
        selectors[19] = TradeBookHandler.wait.selector;
        selectors[20] = TradeBookHandler.settle.selector;
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
    function invariant_chainsAgreeWhenAllMessagesArrived() public {
        handler.assertChainsAgree();
    }

    /// @dev The same calls in an order that does not depend on the runner: every edge and every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        for (uint256 world = 0; world < 24; ++world) {
            handler = new TradeBookHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            handler.assertMoneyConserved();
            handler.assertChainsAgree();
            handler.assertMoneyConserved();
            _add();
        }
        for (uint256 i = 0; i < _paths().length; ++i) {
            assertGt(seen[_paths()[i]], 0, string(abi.encodePacked("never: ", _paths()[i])));
            bytes32 refused = keccak256(abi.encode(_paths()[i], "refused"));
            if (i < 11) assertGt(seen[refused], 0, string(abi.encodePacked("never refused: ", _paths()[i])));
        }
        for (uint256 i = 0; i < STATES; ++i) {
            for (uint256 j = 0; j < STATES; ++j) {
                bool allowed = _isEdge(ITradeBook.State(i), ITradeBook.State(j));
                string memory edge = string.concat(vm.toString(i), " to ", vm.toString(j));
                assertEq(seen[keccak256(abi.encode(i, j))] > 0, allowed, edge);
            }
        }
    }

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 500; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 index = seed >> 128;
            uint256 more = uint256(uint128(seed)) >> 8;
            uint256 choice = uint8(seed) % 32;
            if (choice < 2) handler.propose(index);
            else if (choice < 3) handler.withdraw(index, more);
            else if (choice < 7) handler.accept(index, more);
            else if (choice < 11) handler.release(index, more, more >> 16);
            else if (choice < 13) handler.expire(index, more);
            else if (choice < 14) handler.cancel(index, more);
            else if (choice < 15) handler.dispute(index, more);
            else if (choice < 17) handler.resolve(index, more);
            else if (choice < 20) handler.anchor(index, more);
            else if (choice < 21) handler.amend(index, more, more % 2 == 0);
            else if (choice < 26) handler.deliver(more);
            else if (choice < 28) handler.fund(index);
            else if (choice < 29) handler.claim(more % 2 == 0);
            else if (choice < 30) handler.disturb(more);
            else if (choice < 31) handler.settle(index, more);
            else handler.wait(more);
        }
    }

    function _add() private {
        for (uint256 i = 0; i < _paths().length; ++i) {
            bytes32 refused = keccak256(abi.encode(_paths()[i], "refused"));
            seen[_paths()[i]] += handler.times(_paths()[i]);
            seen[refused] += handler.times(refused);
        }
        for (uint256 i = 0; i < STATES; ++i) {
            for (uint256 j = 0; j < STATES; ++j) {
                bytes32 edge = keccak256(abi.encode(i, j));
                seen[edge] += handler.times(edge);
            }
        }
    }

    /// @dev Proposed to Completed and Disputed to Completed when the documents are all there already.
    function _isEdge(ITradeBook.State from, ITradeBook.State to) private pure returns (bool) {
        if (from == ITradeBook.State.Unknown) return to == ITradeBook.State.Proposed;
        bool goesOn = to == ITradeBook.State.Agreed || to == ITradeBook.State.Completed;
        if (from == ITradeBook.State.Proposed) return goesOn || to == ITradeBook.State.Withdrawn;
        if (from == ITradeBook.State.Agreed) return uint256(to) > uint256(from);
        return from == ITradeBook.State.Disputed && (goesOn || to == ITradeBook.State.Cancelled);
    }

    /// @dev The first eleven are refused now and then.
    function _paths() private pure returns (bytes32[17] memory) {
        return
            [
                bytes32("propose"),
                "withdraw",
                "accept",
                "release",
                "expire",
                "cancel",
                "dispute",
                "resolve",
                "anchor",
                "amend",
                "claim",
                "fund",
                "reached",
                "released on amended",
                "reached on resolution",
                "reached on acceptance",
                "settle"
            ];
    }
}
