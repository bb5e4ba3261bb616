// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {PaymentsHandler} from "./PaymentsHandler.sol";

/// @notice The handler asserts at every call that it succeeds exactly when it may.
contract PaymentsInvariants is Test {
    PaymentsHandler internal handler;

    function setUp() public {
        handler = new PaymentsHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = PaymentsHandler.pay.selector;
        selectors[1] = PaymentsHandler.pay.selector;
        selectors[2] = PaymentsHandler.convert.selector;
        selectors[3] = PaymentsHandler.convert.selector;
        selectors[4] = PaymentsHandler.complete.selector;
        selectors[5] = PaymentsHandler.cancel.selector;
        selectors[6] = PaymentsHandler.moveCap.selector;
        selectors[7] = PaymentsHandler.resolve.selector;
        selectors[8] = PaymentsHandler.closeCycle.selector;
        selectors[9] = PaymentsHandler.claim.selector;
        selectors[10] = PaymentsHandler.toggleFreeze.selector;
        selectors[11] = PaymentsHandler.togglePause.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 10
    /// hardhat-config: invariant.depth = 120
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_moneyIsConservedAndCustodyIsWhatWaits() public view {
        handler.assertMoneyConserved();
    }

    /// hardhat-config: invariant.runs = 10
    /// hardhat-config: invariant.depth = 120
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_everyPaymentIsMadeAtMostOnceAndOnAVerdict() public view {
        handler.assertPaidOnce();
        handler.assertDrawn();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        for (uint256 world = 0; world < 4; ++world) {
            handler = new PaymentsHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            handler.assertMoneyConserved();
            handler.assertPaidOnce();
            handler.assertDrawn();
            for (uint256 i = 0; i < _paths().length; ++i) _seen[_paths()[i]] += handler.times(_paths()[i]);
        }
        for (uint256 i = 0; i < _paths().length; ++i) {
            assertGt(_seen[_paths()[i]], 0, string(abi.encodePacked("never: ", _paths()[i])));
        }
    }

    mapping(bytes32 path => uint256) private _seen;

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 200; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 more = seed >> 8;
            uint256 choice = uint8(seed) % 16;
            if (choice < 3) handler.pay(more);
            else if (choice < 5) handler.convert(more);
            else if (choice < 8) handler.complete(more);
            else if (choice < 10) handler.cancel(more, more >> 128);
            else if (choice < 11) handler.moveCap(more);
            else if (choice < 12) handler.resolve();
            else if (choice < 13) handler.closeCycle();
            else if (choice < 14) handler.claim(more);
            else if (choice < 15) handler.toggleFreeze(more);
            else handler.togglePause(more);
        }
    }

    function _paths() private pure returns (bytes32[15] memory) {
        return
            [
                bytes32("pay"),
                "convert",
                "completed",
                "nothing to complete",
                "cancelled",
                "cancel refused",
                "cap moved",
                "resolved",
                "unresolved",
                "cycle closed",
                "claimed",
                keccak256(abi.encode(bytes32("pay"), "queued")),
                keccak256(abi.encode(bytes32("convert"), "queued")),
                keccak256(abi.encode(bytes32("pay"), "refused")),
                keccak256(abi.encode(bytes32("convert"), "refused"))
            ];
    }
}
