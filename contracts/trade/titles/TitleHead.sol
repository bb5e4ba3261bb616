// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITitleRegistry} from "./ITitleRegistry.sol";

/// @title What changes of a title with every act, in one word
/// @notice From the lowest bit: holder 160, status 8, form 8, hold 8, frozen 8, lastBlock 40, entries 24. Packed here, and not by the
/// compiler, so that an act writes the slot once.
library TitleHead {
    /// @dev What keeps the holder from acting. `Offered` counts until the offer's deadline only.
    enum Hold {
        None,
        Offered,
        Pledged
    }

    /// @param lastBlock Below 2^40, `entries` below 2^24.
    struct Head {
        address holder;
        ITitleRegistry.Status status;
        ITitleRegistry.Form form;
        Hold hold;
        bool frozen;
        uint40 lastBlock;
        uint24 entries;
    }

    function pack(Head memory head) internal pure returns (uint256) {
        return
            uint160(head.holder) |
            (uint256(head.status) << 160) |
            (uint256(head.form) << 168) |
            (uint256(head.hold) << 176) |
            (head.frozen ? 1 << 184 : 0) |
            (uint256(head.lastBlock) << 192) |
            (uint256(head.entries) << 232);
    }

    /// @dev Each cast drops what lies above its field.
    function unpack(uint256 word) internal pure returns (Head memory head) {
        head.holder = address(uint160(word));
        head.status = ITitleRegistry.Status(uint8(word >> 160));
        head.form = ITitleRegistry.Form(uint8(word >> 168));
        head.hold = Hold(uint8(word >> 176));
        head.frozen = uint8(word >> 184) == 1;
        head.lastBlock = uint40(word >> 192);
        head.entries = uint24(word >> 232);
    }
}
