// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {TitleDvpHandler} from "./TitleDvpHandler.sol";

/// @notice Title and money, on two chains whose messages fail and are retried in any order: never both, never neither.
contract TitleDvpInvariants is Test {
    TitleDvpHandler internal handler;
    mapping(bytes32 path => uint256) internal seen;

    function setUp() public {
        handler = new TitleDvpHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](16);
        selectors[0] = TitleDvpHandler.offer.selector;
        selectors[1] = TitleDvpHandler.offer.selector;
        selectors[2] = TitleDvpHandler.withdraw.selector;
        selectors[3] = TitleDvpHandler.pay.selector;
        selectors[4] = TitleDvpHandler.pay.selector;
        selectors[5] = TitleDvpHandler.expire.selector;
        selectors[6] = TitleDvpHandler.complete.selector;
        selectors[7] = TitleDvpHandler.meddle.selector;
        selectors[8] = TitleDvpHandler.deliver.selector;
        selectors[9] = TitleDvpHandler.deliver.selector;
        selectors[10] = TitleDvpHandler.retry.selector;
        selectors[11] = TitleDvpHandler.wait.selector;
        selectors[12] = TitleDvpHandler.toggleTitle.selector;
        selectors[13] = TitleDvpHandler.toggleParticipant.selector;
        selectors[14] = TitleDvpHandler.toggleCoin.selector;
        selectors[15] = TitleDvpHandler.claim.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_titleAndMoney_neverBoth() public view {
        handler.assertOneEnd();
        handler.assertOneAnswer();
        handler.assertTitles();
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_moneyIsConserved() public view {
        handler.assertMoney();
    }

    /// hardhat-config: invariant.runs = 10
    /// hardhat-config: invariant.depth = 100
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_titleAndMoney_neverNeither() public {
        handler.assertEverythingEnds();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        for (uint256 world = 0; world < 8; ++world) {
            handler = new TitleDvpHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            handler.assertOneEnd();
            handler.assertOneAnswer();
            handler.assertTitles();
            handler.assertMoney();
            handler.assertEverythingEnds();
            for (uint256 i = 0; i < _paths().length; ++i) seen[_paths()[i]] += handler.times(_paths()[i]);
        }
        for (uint256 i = 0; i < _paths().length; ++i) {
            assertGt(seen[_paths()[i]], 0, string(abi.encodePacked("never: ", _paths()[i])));
        }
    }

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 400; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 index = seed >> 128;
            uint256 more = uint256(uint128(seed)) >> 8;
            uint256 choice = uint8(seed) % 32;
            if (choice < 5) handler.offer(index, more);
            else if (choice < 7) handler.withdraw(index, more);
            else if (choice < 12) handler.pay(index, more);
            else if (choice < 13) handler.expire(index);
            else if (choice < 15) handler.complete(index);
            else if (choice < 16) handler.meddle(index, more);
            else if (choice < 24) handler.deliver(more);
            else if (choice < 26) handler.retry(index);
            else if (choice < 27) handler.wait(more);
            else if (choice < 28) handler.toggleTitle(index);
            else if (choice < 29) handler.toggleParticipant(index, more);
            else if (choice < 30) handler.toggleCoin(index, more);
            else handler.claim(index);
        }
    }

    function _paths() private pure returns (bytes32[23] memory) {
        return
            [
                bytes32("offer"),
                "withdraw",
                "pay",
                "expire",
                "complete",
                "claim",
                "retry",
                "opened",
                "not taken",
                "offered after its end",
                "withdrawn after payment",
                "paid before the withdrawal came",
                "paid while frozen",
                "paid and held",
                "held in suspense",
                "delivered",
                "returned",
                "returned while frozen",
                keccak256(abi.encode(bytes32("meddle"), "refused")),
                keccak256(abi.encode(bytes32("offer"), "refused")),
                keccak256(abi.encode(bytes32("pay"), "refused")),
                keccak256(abi.encode(bytes32("expire"), "refused")),
                keccak256(abi.encode(bytes32("claim"), "refused"))
            ];
    }
}
