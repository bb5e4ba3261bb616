// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";

import {BlockSummary} from "./IHeaderVerifier.sol";

/// @title Reads an execution-layer block header
/// @notice Fields are taken by position, 3 for the state root and 8 for the number; how many follow is not assumed,
/// because it changes with every fork and, among BFT chains, with the client's version.
library BlockHeaders {
    using BlockHeader for *;

    /// @dev Reverts with an RLP error of OpenZeppelin when `header` is no RLP list, and with
    /// `FieldNotPresentInBlockHeader` when it has fewer than nine fields.
    function summarize(bytes calldata header) internal pure returns (BlockSummary memory) {
        bytes memory rlp = header;
        Memory.Slice[] memory fields = rlp.parseHeader();
        return BlockSummary({number: fields.getNumber(), blockHash: keccak256(rlp), stateRoot: fields.getStateRoot()});
    }
}
