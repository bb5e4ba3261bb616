// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {StablecoinHandler} from "./StablecoinHandler.sol";

/// @notice The handler asserts at every call that it succeeds exactly when it may, and at every mint that the reserve covers it.
contract StablecoinInvariants is Test {
    StablecoinHandler internal handler;
    mapping(bytes32 path => uint256) internal seen;

    function setUp() public {
        handler = new StablecoinHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](14);
        selectors[0] = StablecoinHandler.wait.selector;
        selectors[1] = StablecoinHandler.attest.selector;
        selectors[2] = StablecoinHandler.mint.selector;
        selectors[3] = StablecoinHandler.mint.selector;
        selectors[4] = StablecoinHandler.transfer.selector;
        selectors[5] = StablecoinHandler.request.selector;
        selectors[6] = StablecoinHandler.fulfil.selector;
        selectors[7] = StablecoinHandler.cancel.selector;
        selectors[8] = StablecoinHandler.giveBack.selector;
        selectors[9] = StablecoinHandler.burn.selector;
        selectors[10] = StablecoinHandler.seize.selector;
        selectors[11] = StablecoinHandler.restrain.selector;
        selectors[12] = StablecoinHandler.togglePause.selector;
        selectors[13] = StablecoinHandler.setAllowance.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// @dev Balances are the supply, the supply is what was minted less what was burned, the coin holds what waits.
    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_moneyIsConserved() public view {
        handler.assertConserved();
    }

    /// @dev Nothing but an attestation makes room for mints.
    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_reserveIsWhatWasSeenLessWhatWasBurned() public view {
        handler.assertReserveIsWhatWasSeen();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        bytes32[22] memory paths = _paths();
        for (uint256 world = 0; world < 6; ++world) {
            handler = new StablecoinHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            handler.assertConserved();
            handler.assertReserveIsWhatWasSeen();
            for (uint256 i = 0; i < paths.length; ++i) seen[paths[i]] += handler.times(paths[i]);
        }
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(seen[paths[i]], 0, string.concat("never walked: ", _name(i)));
        }
    }

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 300; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 more = uint256(keccak256(abi.encode(seed, "more")));
            uint256 choice = seed % 16;
            if (choice < 2) handler.mint(seed >> 8, more);
            else if (choice < 4) handler.request(seed >> 8, more);
            else if (choice < 6) handler.fulfil(seed >> 8);
            else if (choice < 7) handler.cancel(seed >> 8);
            else if (choice < 8) handler.giveBack(seed >> 8);
            else if (choice < 10) handler.transfer(seed >> 8, more);
            else if (choice < 11) handler.attest(seed >> 8);
            else if (choice < 12) handler.seize(seed >> 8, more);
            else if (choice < 13) handler.restrain(seed >> 8, more);
            else if (choice < 14) handler.wait(seed >> 8);
            else if (choice < 15) handler.burn(more);
            else if (seed % 32 == 15) handler.togglePause(more);
            else if (more % 4 == 0) handler.setAllowance(more);
        }
    }

    function _name(uint256 index) private pure returns (string memory) {
        bytes32 path = _paths()[index];
        return
            index < 12
                ? string(abi.encodePacked(path))
                : string(abi.encodePacked("refusal ", bytes1(uint8(53 + index))));
    }

    function _paths() private pure returns (bytes32[22] memory paths) {
        bytes32[9] memory calls = [
            bytes32("attest"),
            "mint",
            "transfer",
            "request",
            "fulfil",
            "cancel",
            "give back",
            "burn",
            "seize"
        ];
        for (uint256 i = 0; i < 9; ++i) {
            paths[i] = calls[i];
            paths[12 + i] = keccak256(abi.encode(calls[i], "refused"));
        }
        paths[9] = "reserve below supply";
        paths[10] = "fulfilled late";
        paths[11] = "seized frozen coins";
        paths[21] = keccak256(abi.encode(bytes32("one payment for two"), "refused"));
    }
}
