// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Whether a code has the form that ISO gives it
/// @notice Countries are two capital letters (ISO 3166-1 alpha-2), currencies three (ISO 4217). Which are assigned changes,
/// so that is left to those who set them.
library IsoCodes {
    function isCountry(bytes2 code) internal pure returns (bool) {
        return isCapital(code[0]) && isCapital(code[1]);
    }

    function isCurrency(bytes3 code) internal pure returns (bool) {
        return isCapital(code[0]) && isCapital(code[1]) && isCapital(code[2]);
    }

    function isCapital(bytes1 char) internal pure returns (bool) {
        return char >= "A" && char <= "Z";
    }
}
