// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {CalldataRlp} from "../../../contracts/bridge/CalldataRlp.sol";
import {CalldataRlpHarness} from "../../support/CalldataRlpHarness.sol";
import {Test} from "../../support/Test.sol";

contract CalldataRlpTest is Test {
    using RLP for *;

    bytes4 internal constant NOT_CANONICAL = CalldataRlp.CalldataRlp_NotCanonical.selector;
    /// @dev Where the only argument of a call begins: after the selector, its offset and its length.
    uint256 internal constant FIRST = 4 + 2 * 32;

    CalldataRlpHarness internal harness = new CalldataRlpHarness();

    // ------------------------------------------------------------------------------------------- what is read

    function testFuzz_readBytes_anyContent_succeeds(bytes memory content) public view {
        assertEq(harness.readBytes(content.encode()), content);
    }

    /// @dev Around each length at which the form of the encoding changes.
    function test_readBytes_everyForm_succeeds() public view {
        uint256[9] memory lengths = [uint256(0), 1, 2, 55, 56, 255, 256, 65_535, 65_536];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes memory content = new bytes(lengths[i]);
            if (content.length > 0) content[0] = 0xff;
            assertEq(harness.readBytes(content.encode()).length, content.length);
        }
    }

    function testFuzz_readBytes32_anyContent_succeeds(bytes32 content) public view {
        assertEq(harness.readBytes32(content.encode()), content);
    }

    function testFuzz_readAddress_anyContent_succeeds(address content) public view {
        assertEq(harness.readAddress(content.encode()), content);
    }

    function testFuzz_readUint256_anyNumber_succeeds(uint256 number, uint256 shift) public view {
        number >>= bound(shift, 0, 256);
        assertEq(harness.readUint256(number.encode()), number);
    }

    function test_readUint256_zero_succeeds() public view {
        assertEq(harness.readUint256(hex"80"), 0);
    }

    function test_startsWithList_bothKinds_succeeds() public view {
        assertTrue(harness.startsWithList(hex"c0"));
        assertFalse(harness.startsWithList(hex"80"));
    }

    function testFuzz_skip_anyList_succeeds(bytes[7] memory contents, uint256 index) public view {
        bytes[] memory parts = new bytes[](contents.length);
        for (uint256 i = 0; i < parts.length; ++i) parts[i] = contents[i].encode();
        bytes memory encoded = parts.encode();
        index = bound(index, 0, parts.length - 1);

        (bytes memory content, uint256 begins, uint256 ends) = harness.itemAt(encoded, index);
        assertEq(content, contents[index]);
        assertEq(ends - begins, parts[index].length);
        uint256 following = encoded.length - ends;
        for (uint256 i = index + 1; i < parts.length; ++i) following -= parts[i].length;
        assertEq(following, 0);
        assertEq(harness.count(encoded), parts.length);
    }

    /// @dev Whatever is accepted is what an encoder writes: no list has a second form.
    function testFuzz_items_oneByteChanged_hasOneForm(bytes[3] memory contents, uint256 index, bytes1 value) public {
        bytes[] memory inner = new bytes[](2);
        for (uint256 i = 0; i < 2; ++i) inner[i] = contents[i].encode();
        bytes[] memory outer = new bytes[](4);
        outer[0] = inner.encode();
        outer[1] = contents[2].encode();
        outer[2] = hex"05";
        outer[3] = hex"c0";
        bytes memory encoded = outer.encode();
        encoded[bound(index, 0, encoded.length - 1)] = value;
        _assertOneForm(encoded);
    }

    function testFuzz_items_anyBytes_hasOneForm(bytes memory encoded, uint256 prefix) public {
        if (encoded.length > 0) encoded[0] = bytes1(uint8(0xc0 + (prefix % 64)));
        _assertOneForm(encoded);
    }

    // ------------------------------------------------------------------------------------------- what is not

    function test_items_nothing_reverts() public {
        _assertRefused(harness.count.selector, "", CalldataRlp.CalldataRlp_Truncated.selector, 0);
    }

    function test_items_string_reverts() public {
        _assertRefused(harness.count.selector, hex"80", CalldataRlp.CalldataRlp_ListExpected.selector, 0);
    }

    function test_items_trailingByte_reverts() public {
        _assertRefused(harness.count.selector, hex"c000", CalldataRlp.CalldataRlp_TrailingBytes.selector, 1);
        _assertRefused(harness.readBytes.selector, hex"8000", CalldataRlp.CalldataRlp_TrailingBytes.selector, 1);
    }

    /// @dev An item may not reach beyond its list, even where bytes follow.
    function test_items_itemBeyondItsList_reverts() public {
        _assertRefused(harness.count.selector, hex"c182", CalldataRlp.CalldataRlp_Truncated.selector, 1);
        _assertRefused(harness.rewrite.selector, hex"c3c18180", CalldataRlp.CalldataRlp_Truncated.selector, 2);
        _assertRefused(harness.rewrite.selector, hex"c4c2820102", CalldataRlp.CalldataRlp_Truncated.selector, 2);
        assertEq(harness.rewrite(hex"c4c3820102"), hex"c4c3820102");
    }

    function test_items_everyTruncation_reverts() public {
        bytes memory encoded = abi.encodePacked(hex"f90100", new bytes(256));
        assertEq(harness.count(encoded), 256);
        for (uint256 length = 0; length < encoded.length; ++length) {
            bytes memory part = new bytes(length);
            for (uint256 i = 0; i < length; ++i) part[i] = encoded[i];
            _assertRefused(harness.count.selector, part, CalldataRlp.CalldataRlp_Truncated.selector, 0);
        }
    }

    function test_items_oversizedLength_reverts() public {
        bytes4 truncated = CalldataRlp.CalldataRlp_Truncated.selector;
        _assertRefused(harness.count.selector, hex"ffffffffffffffffff", truncated, 0);
        _assertRefused(harness.count.selector, hex"c9bfffffffffffffffff", truncated, 1);
        _assertRefused(harness.count.selector, hex"c9ffffffffffffffffff", truncated, 1);
    }

    function test_items_longFormOfShortLength_reverts() public {
        bytes memory short = new bytes(55);
        _assertRefused(harness.count.selector, abi.encodePacked(hex"f837", short), NOT_CANONICAL, 0);
        _assertRefused(harness.readBytes.selector, abi.encodePacked(hex"b837", short), NOT_CANONICAL, 0);
        _assertRefused(harness.count.selector, hex"f800", NOT_CANONICAL, 0);
    }

    function test_items_lengthWithLeadingZero_reverts() public {
        bytes memory long = new bytes(56);
        assertEq(harness.count(abi.encodePacked(hex"f838", long)), 56);
        _assertRefused(harness.count.selector, abi.encodePacked(hex"f90038", long), NOT_CANONICAL, 0);
        _assertRefused(harness.count.selector, abi.encodePacked(hex"ff0000000000000038", long), NOT_CANONICAL, 0);
    }

    function test_readBytes_smallByteWithPrefix_reverts() public {
        _assertRefused(harness.readBytes.selector, hex"8100", NOT_CANONICAL, 0);
        _assertRefused(harness.readBytes.selector, hex"817f", NOT_CANONICAL, 0);
        assertEq(harness.readBytes(hex"8180"), hex"80");
    }

    function test_readBytes_list_reverts() public {
        _assertRefused(harness.readBytes.selector, hex"c0", CalldataRlp.CalldataRlp_StringExpected.selector, 0);
    }

    function test_readBytes_pastTheLastItem_reverts() public {
        (bool success, bytes memory returned) = address(harness).call(abi.encodeCall(harness.itemAt, (hex"c20102", 2)));
        assertFalse(success);
        assertEq(returned, abi.encodeWithSelector(CalldataRlp.CalldataRlp_Truncated.selector, 4 + 3 * 32 + 3));
    }

    function testFuzz_readFixed_otherLength_reverts(bytes memory content) public {
        bytes memory encoded = content.encode();
        uint256 begins = encoded.length - content.length;
        bytes4 selector = CalldataRlp.CalldataRlp_LengthMismatch.selector;
        if (content.length != 32) {
            bytes memory expected = abi.encodeWithSelector(selector, FIRST + begins, content.length, 32);
            _assertReverts(harness.readBytes32.selector, encoded, expected);
        }
        if (content.length != 20) {
            bytes memory expected = abi.encodeWithSelector(selector, FIRST + begins, content.length, 20);
            _assertReverts(harness.readAddress.selector, encoded, expected);
        }
    }

    function test_readUint256_leadingZero_reverts() public {
        bytes4 selector = CalldataRlp.CalldataRlp_InvalidNumber.selector;
        _assertRefused(harness.readUint256.selector, hex"00", selector, 0);
        _assertRefused(harness.readUint256.selector, hex"8200ff", selector, 1);
    }

    function test_readUint256_tooLong_reverts() public {
        bytes memory encoded = abi.encodePacked(hex"a1ff", new bytes(32));
        _assertRefused(harness.readUint256.selector, encoded, CalldataRlp.CalldataRlp_InvalidNumber.selector, 1);
    }

    // ------------------------------------------------------------------------------------------------- internal

    /// @dev Refused with an error of the reader, or written again as the same bytes.
    function _assertOneForm(bytes memory encoded) private {
        (bool success, bytes memory returned) = address(harness).call(abi.encodeCall(harness.rewrite, (encoded)));
        if (success) {
            assertEq(abi.decode(returned, (bytes)), encoded);
        } else {
            bytes4 reason = bytes4(returned);
            assertTrue(
                reason == NOT_CANONICAL ||
                    reason == CalldataRlp.CalldataRlp_Truncated.selector ||
                    reason == CalldataRlp.CalldataRlp_TrailingBytes.selector ||
                    reason == CalldataRlp.CalldataRlp_ListExpected.selector,
                "an error of the reader"
            );
        }
    }

    /// @dev With an error that names the byte of `encoded` at `offset`.
    function _assertRefused(bytes4 function_, bytes memory encoded, bytes4 reason, uint256 offset) private {
        _assertReverts(function_, encoded, abi.encodeWithSelector(reason, FIRST + offset));
    }

    function _assertReverts(bytes4 function_, bytes memory encoded, bytes memory expected) private {
        (bool success, bytes memory returned) = address(harness).call(abi.encodeWithSelector(function_, encoded));
        assertFalse(success, "the call must revert");
        assertEq(returned, expected);
    }
}
