// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants, Lei} from "../../../contracts/access/IParticipants.sol";
import {vm} from "../../support/Test.sol";
import {TradeWorld} from "../../support/TradeWorld.sol";

contract LegalEntityIdentifiersTest is TradeWorld {
    bytes internal constant CAPITALS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    function setUp() public override {
        super.setUp();
        vm.startPrank(registrar);
    }

    function test_admit_issuedIdentifiers_succeeds() public {
        bytes20[7] memory issued = [
            bytes20("5493001KJTIIGC8Y1R12"),
            "529900T8BM49AURSDO55",
            "HWUPKR0MPOU8FGXBT394",
            "INR2EJN1ERAN0W5ZP974",
            "213800WSGIIZCXF1P572",
            "7ZW8QJWVPR4P1J1KQY45",
            "506700GE1G29325QX363"
        ];
        for (uint256 i = 0; i < issued.length; ++i) {
            participants.admit(Lei.wrap(issued[i]), "US");
            (, IParticipants.Status status) = participants.entity(Lei.wrap(issued[i]));
            assertEq(uint256(status), uint256(IParticipants.Status.Active));
        }
    }

    /// @dev 20 places times 36 characters. At least one change is refused at each place.
    function test_admit_everySingleCharacterChange_followsTheArithmetic() public {
        bytes memory original = "5493001KJTIIGC8Y1R12";
        uint256 refused = 0;
        for (uint256 place = 0; place < 20; ++place) {
            for (uint256 i = 0; i < CAPITALS_AND_DIGITS.length; ++i) {
                bytes memory changed = bytes.concat(original);
                changed[place] = CAPITALS_AND_DIGITS[i];
                if (!_admitAsTheArithmeticSays(bytes20(changed))) ++refused;
            }
        }
        assertGt(refused, 20 * 34);
    }

    function test_admit_lowerCase_reverts() public {
        _expectInvalid("5493001kJTIIGC8Y1R12");
        participants.admit(Lei.wrap("5493001kJTIIGC8Y1R12"), "US");
    }

    function test_admit_tooShort_reverts() public {
        _expectInvalid("5493001KJTIIGC8Y1R");
        participants.admit(Lei.wrap("5493001KJTIIGC8Y1R"), "US");
    }

    function test_admit_zero_reverts() public {
        _expectInvalid(0);
        participants.admit(Lei.wrap(0), "US");
    }

    /// @dev 00…0J5 is 195 = 2 · 97 + 1 when J counts 19: the right remainder in the wrong form.
    function test_admit_letterAsCheckDigit_reverts() public {
        uint256 valid = 0;
        for (uint256 i = 0; i < 26; ++i) {
            for (uint256 j = 0; j < 10; ++j) {
                bytes memory text = "000000000000000000A0";
                (text[18], text[19]) = (bytes1(uint8(65 + i)), bytes1(uint8(48 + j)));
                if (((10 + i) * 10 + j) % 97 != 1) continue;
                ++valid;
                _expectInvalid(bytes20(text));
                participants.admit(Lei.wrap(bytes20(text)), "US");
            }
        }
        assertGt(valid, 0);
    }

    function testFuzz_admit_computedCheckDigits_succeeds(uint256 seed) public {
        bytes20 identifier = _identifier(seed);
        participants.admit(Lei.wrap(identifier), "US");
        (, IParticipants.Status status) = participants.entity(Lei.wrap(identifier));
        assertEq(uint256(status), uint256(IParticipants.Status.Active));
    }

    function testFuzz_admit_otherCheckDigits_reverts(uint256 seed, uint256 checkDigits) public {
        bytes memory text = bytes.concat(_identifier(seed));
        uint256 right = (uint8(text[18]) - 48) * 10 + uint8(text[19]) - 48;
        checkDigits = bound(checkDigits, 0, 99);
        vm.assume(checkDigits != right);
        text[18] = bytes1(uint8(48 + checkDigits / 10));
        text[19] = bytes1(uint8(48 + (checkDigits % 10)));
        _expectInvalid(bytes20(text));
        participants.admit(Lei.wrap(bytes20(text)), "US");
    }

    /// @dev 00, 01 and 99 leave the same remainder as 97, 98 and 02, which are right.
    function test_admit_checkDigits97Apart_reverts() public {
        uint256 refused = 0;
        for (uint256 body = 100_000_000_000_000_000; body < 100_000_000_000_000_097; ++body) {
            uint256 right = 98 - ((body * 100) % 97);
            if (right < 97 && right > 2) continue;
            ++refused;
            bytes20 text = bytes20(bytes(vm.toString(body * 100 + (right == 2 ? 99 : right - 97))));
            _expectInvalid(text);
            participants.admit(Lei.wrap(text), "US");
        }
        assertEq(refused, 3);
    }

    function testFuzz_admit_anyBytes_followsTheArithmetic(bytes20 identifier) public {
        _admitAsTheArithmeticSays(identifier);
    }

    function testFuzz_admit_country_isTwoCapitals(bytes2 country) public {
        bool valid = _isCapital(country[0]) && _isCapital(country[1]);
        _admitIn(country, valid);
    }

    function test_admit_countryBounds_succeedsOrReverts() public {
        _admitIn("@A", false);
        _admitIn("[A", false);
        _admitIn("A@", false);
        _admitIn("A[", false);
        _admitIn("cn", false);
        _admitIn("", false);
        _admitIn("AZ", true);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _admitIn(bytes2 country, bool valid) private {
        bytes20 identifier = "5493001KJTIIGC8Y1R12";
        if (!valid) {
            vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_InvalidCountry.selector, country));
        }
        participants.admit(Lei.wrap(identifier), country);
        (, IParticipants.Status status) = participants.entity(Lei.wrap(identifier));
        if (valid) assertEq(uint256(status), uint256(IParticipants.Status.Active));
    }

    function _admitAsTheArithmeticSays(bytes20 identifier) private returns (bool valid) {
        valid = _isValid(identifier);
        (, IParticipants.Status status) = participants.entity(Lei.wrap(identifier));
        if (status == IParticipants.Status.Active) return valid;
        if (!valid) _expectInvalid(identifier);
        participants.admit(Lei.wrap(identifier), "US");
    }

    function _expectInvalid(bytes20 identifier) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_InvalidLei.selector, identifier));
    }

    /// @dev Written out as one number of at most 38 digits and divided once.
    function _isValid(bytes20 identifier) private pure returns (bool) {
        uint256 number = 0;
        for (uint256 i = 0; i < 20; ++i) {
            uint256 char = uint8(identifier[i]);
            if (char >= 48 && char <= 57) number = number * 10 + (char - 48);
            else if (_isCapital(identifier[i]) && i < 18) number = number * 100 + (char - 55);
            else return false;
        }
        return number % 97 == 1 && number % 100 >= 2 && number % 100 <= 98;
    }

    function _identifier(uint256 seed) private pure returns (bytes20) {
        bytes memory text = new bytes(20);
        uint256 number = 0;
        for (uint256 i = 0; i < 18; ++i) {
            uint256 value = seed % 36;
            seed /= 36;
            text[i] = CAPITALS_AND_DIGITS[value];
            number = value < 10 ? number * 10 + value : number * 100 + value;
        }
        uint256 checkDigits = 98 - ((number * 100) % 97);
        text[18] = bytes1(uint8(48 + checkDigits / 10));
        text[19] = bytes1(uint8(48 + (checkDigits % 10)));
        return bytes20(text);
    }

    function _isCapital(bytes1 char) private pure returns (bool) {
        return uint8(char) >= 65 && uint8(char) <= 90;
    }
}
