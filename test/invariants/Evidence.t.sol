// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {EvidenceHandler} from "./EvidenceHandler.sol";

/// @notice Together, all products never draw more on a document than its amount. The handler asserts at every draw that the
/// verdict has just the reasons that {IEvidenceLedger} and {ICorridors} name.
contract EvidenceInvariants is Test {
    EvidenceHandler internal handler;

    function setUp() public {
        handler = new EvidenceHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = EvidenceHandler.register.selector;
        selectors[1] = EvidenceHandler.register.selector;
        selectors[2] = EvidenceHandler.withdraw.selector;
        selectors[3] = EvidenceHandler.draw.selector;
        selectors[4] = EvidenceHandler.draw.selector;
        selectors[5] = EvidenceHandler.restore.selector;
        selectors[6] = EvidenceHandler.limit.selector;
        selectors[7] = EvidenceHandler.wait.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 30
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_drawnIsAtMostTheAmount() public {
        handler.assertBooks();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path and every reason is met.
    function test_handler_meetsEveryReason_succeeds() public {
        bytes32[17] memory paths = _paths();
        uint256[17] memory seen;
        for (uint256 world = 0; world < 8; ++world) {
            handler = new EvidenceHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("evidence", world))));
            for (uint256 i = 0; i < paths.length; ++i) seen[i] += handler.times(paths[i]);
        }
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(seen[i], 0, string(abi.encodePacked("never: ", paths[i])));
        }
    }

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 300; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 more = seed >> 128;
            uint256 choice = seed % 16;
            if (choice < 3) handler.register(more, more >> 16);
            else if (choice < 4) handler.withdraw(more, step < 60 ? more : more >> 16);
            else if (choice < 10) handler.draw(more, more >> 8, more >> 16, more >> 96);
            else if (choice < 12) handler.restore(more, more >> 16);
            else if (choice < 13) handler.limit(more);
            else if (choice < 14) handler.wait(more);
            if (step % 20 == 0) handler.assertBooks();
        }
        handler.assertBooks();
    }

    /// @dev Those that are one bit are the reasons of `ForexReasons`.
    function _paths() private pure returns (bytes32[17] memory) {
        return
            [
                bytes32("registered"),
                "contradicted",
                "withdrawn",
                "withdrawn before",
                "drawn",
                "restored",
                "restore refused",
                bytes32(uint256(1 << 3)),
                bytes32(uint256(1 << 4)),
                bytes32(uint256(1 << 5)),
                bytes32(uint256(1 << 6)),
                bytes32(uint256(1 << 7)),
                bytes32(uint256(1 << 8)),
                bytes32(uint256(1 << 9)),
                bytes32(uint256(1 << 10)),
                bytes32(uint256(1 << 12)),
                bytes32(uint256(1 << 14))
            ];
    }
}
