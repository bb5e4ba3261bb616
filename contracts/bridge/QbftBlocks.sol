// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {BlockHeaders} from "./BlockHeaders.sol";
import {CalldataRlp, RlpItems} from "./CalldataRlp.sol";
import {BlockSummary} from "./IHeaderVerifier.sol";
import {ValidatorSets} from "./ValidatorSets.sol";

/// @title Reads block headers of Hyperledger Besu's QBFT
/// @notice The extra data is the RLP list `[vanity, validators, vote, round, seals]`. Validators sign the header with
/// their round and no seals in it, which is the form taken here; the chain hashes it with round 0 and no seals. So one
/// block has one hash, and another signed form in every round. Source: `BftBlockHashing` and `QbftExtraDataCodec` of Besu.
library QbftBlocks {
    /// @dev The set is empty because a contract on the chain keeps it: it cannot be told from the header.
    error QbftBlocks_ContractMode();
    /// @dev A vote is an empty list, or an address with `ff` to add it or nothing to drop it.
    error QbftBlocks_MalformedVote();
    /// @dev A round of more than 32 bits.
    error QbftBlocks_InvalidRound(uint256 round);
    /// @dev The header is not in the form that is signed: take the seals out of the extra data.
    error QbftBlocks_SealsInside();
    /// @dev The extra data of another codec, say with certificates.
    error QbftBlocks_MoreThanFiveItems();

    bytes1 private constant ADD = 0xff;

    /// @dev Where in the calldata the encoded round lies.
    struct Place {
        uint256 start;
        uint256 end;
    }

    /// @notice The summary, with the hash that the chain gives the block, and the validators that sealed it.
    function read(
        bytes calldata header
    ) internal pure returns (BlockSummary memory summary, address[] memory validators) {
        bytes calldata extraData;
        (summary, extraData) = BlockHeaders.read(header);
        RlpItems rest = CalldataRlp.items(extraData);
        (, rest) = rest.readBytes32();
        (validators, rest) = _readValidators(rest);
        rest = _skipVote(rest);

        Place memory place;
        place.start = rest.position();
        uint256 round;
        (round, rest) = rest.readUint256();
        require(round <= type(uint32).max, QbftBlocks_InvalidRound(round));
        place.end = rest.position();

        RlpItems seals;
        (seals, rest) = rest.readList();
        require(seals.isEmpty(), QbftBlocks_SealsInside());
        require(rest.isEmpty(), QbftBlocks_MoreThanFiveItems());
        if (round != 0) summary.blockHash = _hashWithoutRound(header, extraData, place);
    }

    function _readValidators(RlpItems items) private pure returns (address[] memory validators, RlpItems rest) {
        RlpItems list;
        (list, rest) = items.readList();
        require(!list.isEmpty(), QbftBlocks_ContractMode());
        validators = new address[](list.count());
        for (uint256 i = 0; i < validators.length; ++i) (validators[i], list) = list.readAddress();
        ValidatorSets.check(validators);
    }

    function _skipVote(RlpItems items) private pure returns (RlpItems rest) {
        RlpItems vote;
        (vote, rest) = items.readList();
        if (vote.isEmpty()) return rest;
        (, vote) = vote.readAddress();
        bytes calldata direction;
        (direction, vote) = vote.readBytes();
        bool known = direction.length == 0 || (direction.length == 1 && direction[0] == ADD);
        require(known && vote.isEmpty(), QbftBlocks_MalformedVote());
    }

    /// @dev A shorter round shortens the extra data and the header, so the lengths of all three lists are written anew.
    function _hashWithoutRound(
        bytes calldata header,
        bytes calldata extraData,
        Place memory place
    ) private pure returns (bytes32) {
        RlpItems beforeExtraData = CalldataRlp.items(header);
        RlpItems inExtraData = CalldataRlp.items(extraData);
        uint256 start = beforeExtraData.position();
        uint256 end = beforeExtraData.end();
        uint256 extraStart = beforeExtraData.skip(12).position();

        bytes memory list = _list(
            _slice(inExtraData.position(), place.start),
            hex"80",
            _slice(place.end, inExtraData.end())
        );
        return keccak256(_list(_slice(start, extraStart), RLP.encode(list), _slice(inExtraData.end(), end)));
    }

    /// @dev RLP of the list of all items in three parts, each of which is encoded.
    function _list(bytes memory first, bytes memory second, bytes memory third) private pure returns (bytes memory) {
        bytes[] memory parts = new bytes[](3);
        (parts[0], parts[1], parts[2]) = (first, second, third);
        return RLP.encode(parts);
    }

    function _slice(uint256 start, uint256 end) private pure returns (bytes calldata part) {
        assembly ("memory-safe") {
            part.offset := start
            part.length := sub(end, start)
        }
    }
}
