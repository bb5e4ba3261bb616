// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../contracts/access/IParticipants.sol";
import {vm} from "./Test.sol";

library Leis {
    /// @notice Eighteen digits that count the entities, then 98 less their hundredfold modulo 97.
    function nth(uint256 index) internal pure returns (Lei) {
        uint256 number = 100_000_000_000_000_000 + index;
        uint256 text = number * 100 + 98 - ((number * 100) % 97);
        return Lei.wrap(bytes20(bytes(vm.toString(text))));
    }
}
