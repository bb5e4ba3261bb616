// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {Products} from "../../../../contracts/access/Products.sol";
import {FxDesk} from "../../../../contracts/finance/fx/FxDesk.sol";
import {IFxDesk} from "../../../../contracts/finance/fx/IFxDesk.sol";
import {vm} from "../../../support/Test.sol";
import {FxDeskTest} from "./FxDeskTest.sol";

/// @dev A bank whose account is a contract: it signs what it was told to.
contract BankContract is IERC1271 {
    bytes32 private _agreed;

    function agree(bytes32 digest) external {
        _agreed = digest;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return hash == _agreed ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice Whose quotes are good, for whom, and how often.
contract FxDeskQuotesTest is FxDeskTest {
    bytes4 internal constant UNAUTHORIZED = bytes4(keccak256("AccessManagedUnauthorized(address)"));
    uint256 internal constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    bytes internal invalidSignature;

    function setUp() public override {
        super.setUp();
        invalidSignature = abi.encodeWithSelector(IFxDesk.FxDesk_InvalidSignature.selector, provider);
    }

    function test_useQuote_goodQuote_namesTheMemberAndIsUsed() public {
        IFxDesk.Quote memory quote = _quote();
        bytes memory signature = _signed(quote);
        vm.expectEmit();
        emit IFxDesk.Converted(provider, taker, quote.nonce, dollar, 1_000e6, yuan, 7_100e6);
        vm.prank(product);
        assertEq(desk.useQuote(quote, signature, taker, 7_100e6), providerMember);
        assertTrue(desk.isUsed(provider, quote.nonce));
    }

    function test_quoteDigest_isThatOfEip712() public view {
        IFxDesk.Quote memory quote = _quote();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Huangpu FxDesk"),
                keccak256("1"),
                block.chainid,
                address(desk)
            )
        );
        bytes32 typeHash = keccak256(
            "Quote(address provider,address taker,address sellCoin,uint128 sellAmount,address buyCoin,uint128 buyAmount,bytes32 nonce,uint40 expiry)"
        );
        bytes memory first = abi.encode(typeHash, quote.provider, quote.taker, quote.sellCoin, quote.sellAmount);
        bytes memory second = abi.encode(quote.buyCoin, quote.buyAmount, quote.nonce, quote.expiry);
        bytes32 hash = keccak256(bytes.concat(first, second));
        assertEq(desk.quoteDigest(quote), keccak256(abi.encodePacked(hex"1901", domain, hash)));
    }

    // -------------------------------------------------------------------------------------- who, for whom, when

    function test_useQuote_byOthers_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        bytes memory signature = _signed(quote);
        address[3] memory others = [taker, provider, operator];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, others[i]));
            vm.prank(others[i]);
            desk.useQuote(quote, signature, taker, 0);
        }
    }

    function test_useQuote_anotherTaker_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        bytes memory signature = _signed(quote);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_NotTaker.selector, taker, stranger));
        vm.prank(product);
        desk.useQuote(quote, signature, stranger, 0);
    }

    function test_useQuote_takerWrittenOver_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        bytes memory signature = _signed(quote);
        quote.taker = stranger;
        vm.expectRevert(invalidSignature);
        vm.prank(product);
        desk.useQuote(quote, signature, stranger, 0);
    }

    function test_useQuote_twice_reverts() public {
        _use(_quote());
        _expectRefusal(
            _quote(),
            abi.encodeWithSelector(IFxDesk.FxDesk_QuoteUsed.selector, provider, bytes32(uint256(7)))
        );
    }

    function test_useQuote_sameNonceForAnotherDeal_reverts() public {
        _use(_quote());
        IFxDesk.Quote memory quote = _quote();
        (quote.sellAmount, quote.buyAmount) = (2_000e6, 14_200e6);
        _expectRefusal(quote, abi.encodeWithSelector(IFxDesk.FxDesk_QuoteUsed.selector, provider, bytes32(uint256(7))));
    }

    function testFuzz_useQuote_anyNonce_marksItAlone(bytes32 nonce, bytes32 other) public {
        vm.assume(nonce != other);
        IFxDesk.Quote memory quote = _quote();
        quote.nonce = nonce;
        _use(quote);
        assertTrue(desk.isUsed(provider, nonce));
        assertFalse(desk.isUsed(provider, other));
        assertFalse(desk.isUsed(taker, nonce));
        bytes32 neighbour = bytes32(uint256(nonce) ^ 1);
        assertFalse(desk.isUsed(provider, neighbour));
        vm.prank(provider);
        desk.cancelQuote(neighbour);
        assertTrue(desk.isUsed(provider, neighbour));
        assertTrue(desk.isUsed(provider, nonce));
    }

    function test_useQuote_atItsExpiry_succeeds_andASecondLaterNot() public {
        IFxDesk.Quote memory quote = _quote();
        vm.warp(quote.expiry + 1);
        _expectRefusal(quote, abi.encodeWithSelector(IFxDesk.FxDesk_QuoteExpired.selector, quote.expiry));
        vm.warp(quote.expiry);
        _use(quote);
    }

    function test_useQuote_oneUnitLessThanAskedFor_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        bytes memory signature = _signed(quote);
        vm.startPrank(product);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_BelowMinimum.selector, 7_100e6 + 1, quote.buyAmount));
        desk.useQuote(quote, signature, taker, 7_100e6 + 1);
        desk.useQuote(quote, signature, taker, 7_100e6);
        vm.stopPrank();
    }

    function test_useQuote_nothingForSomething_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        quote.buyAmount = 0;
        _expectRefusal(quote, abi.encodeWithSelector(IFxDesk.FxDesk_InvalidAmount.selector));
        quote = _quote();
        quote.sellAmount = 0;
        _expectRefusal(quote, abi.encodeWithSelector(IFxDesk.FxDesk_InvalidAmount.selector));
    }

    // ---------------------------------------------------------------------------------------------- signatures

    /// @dev One member after another is changed by what is least: no signature covers it.
    function test_useQuote_anyMemberChanged_reverts() public {
        bytes memory signature = _signed(_quote());
        for (uint256 member = 0; member < 6; ++member) {
            IFxDesk.Quote memory quote = _quote();
            if (member == 0) quote.sellAmount -= 1;
            else if (member == 1) quote.buyAmount += 1;
            else if (member == 2) quote.nonce = bytes32(uint256(8));
            else if (member == 3) quote.expiry += 1;
            else if (member == 4) quote.sellCoin = otherDollar;
            else (quote.sellCoin, quote.buyCoin, quote.sellAmount, quote.buyAmount) = (yuan, dollar, 7_100e6, 1_000e6);
            vm.expectRevert(invalidSignature);
            vm.prank(product);
            desk.useQuote(quote, signature, taker, 0);
        }
    }

    function test_useQuote_signedByAnotherProvider_reverts() public {
        (address other, uint256 otherKey) = makeAddrAndKey("another provider");
        _admitMember(other);
        vm.prank(operator);
        desk.setProvider(other, true);
        bytes memory signature = _sign(otherKey, desk.quoteDigest(_quote()));
        vm.expectRevert(invalidSignature);
        vm.prank(product);
        desk.useQuote(_quote(), signature, taker, 0);
    }

    function test_useQuote_malleatedOrCutSignature_reverts() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(providerKey, desk.quoteDigest(_quote()));
        bytes[5] memory signatures = [
            abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, s),
            abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255))),
            abi.encodePacked(r, s, v, uint8(0)),
            bytes("")
        ];
        for (uint256 i = 0; i < signatures.length; ++i) {
            vm.expectRevert(invalidSignature);
            vm.prank(product);
            desk.useQuote(_quote(), signatures[i], taker, 0);
        }
    }

    function test_useQuote_forAnotherDesk_reverts() public {
        FxDesk other = FxDesk(_deploy("FxDesk.sol:FxDesk", abi.encode(manager, feed, accounts)));
        bytes memory signature = _sign(providerKey, other.quoteDigest(_quote()));
        vm.expectRevert(invalidSignature);
        vm.prank(product);
        desk.useQuote(_quote(), signature, taker, 0);
    }

    function test_useQuote_forAnotherChain_reverts() public {
        bytes memory signature = _signed(_quote());
        vm.chainId(block.chainid + 1);
        vm.expectRevert(invalidSignature);
        vm.prank(product);
        desk.useQuote(_quote(), signature, taker, 0);
    }

    function test_useQuote_ofAContract_asksIt() public {
        BankContract bank = new BankContract();
        uint16 member = _admitMember(address(bank));
        vm.prank(operator);
        desk.setProvider(address(bank), true);
        IFxDesk.Quote memory quote = _quote();
        quote.provider = address(bank);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_InvalidSignature.selector, bank));
        vm.prank(product);
        desk.useQuote(quote, "", taker, 0);
        assertFalse(desk.isUsed(address(bank), quote.nonce));
        bank.agree(desk.quoteDigest(quote));
        vm.prank(product);
        assertEq(desk.useQuote(quote, "", taker, 0), member);
    }

    // ----------------------------------------------------------------------------------------------- cancelling

    function test_cancelQuote_isUsedUp() public {
        IFxDesk.Quote memory quote = _quote();
        vm.expectEmit();
        emit IFxDesk.QuoteCancelled(provider, quote.nonce);
        vm.prank(provider);
        desk.cancelQuote(quote.nonce);
        bytes memory used = abi.encodeWithSelector(IFxDesk.FxDesk_QuoteUsed.selector, provider, quote.nonce);
        _expectRefusal(quote, used);
        vm.expectRevert(used);
        vm.prank(provider);
        desk.cancelQuote(quote.nonce);
    }

    function test_cancelQuote_byOthers_touchesOnlyTheirOwn() public {
        vm.prank(taker);
        desk.cancelQuote(_quote().nonce);
        _use(_quote());
    }

    // ------------------------------------------------------------------------------------------------ providers

    function test_useQuote_providerRemoved_reverts() public {
        vm.prank(operator);
        desk.setProvider(provider, false);
        _expectNotProvider();
    }

    function test_useQuote_memberSuspended_reverts() public {
        vm.prank(registrar);
        accounts.suspendMember(providerMember);
        _expectNotProvider();
    }

    function test_useQuote_entitySuspended_reverts() public {
        _suspend(provider);
        _expectNotProvider();
    }

    function test_useQuote_accountUnlinked_reverts() public {
        vm.prank(registrar);
        participants.unlinkAccount(provider);
        _expectNotProvider();
    }

    function test_setProvider_customerOrStranger_reverts() public {
        _admit(taker);
        vm.prank(provider);
        accounts.invite(taker);
        vm.prank(taker);
        accounts.join(providerMember);
        address[3] memory others = [taker, stranger, address(0)];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_NotProvider.selector, others[i]));
            vm.prank(operator);
            desk.setProvider(others[i], true);
        }
    }

    function test_administering_byOthers_reverts() public {
        vm.startPrank(provider);
        bytes memory refusal = abi.encodeWithSelector(UNAUTHORIZED, provider);
        vm.expectRevert(refusal);
        desk.setProvider(provider, true);
        vm.expectRevert(refusal);
        desk.setCoin(yuan, 1);
        vm.expectRevert(refusal);
        desk.setTolerance("USD", "CNY", 9_999);
        vm.expectRevert(refusal);
        desk.resetBreaker(yuan);
        vm.expectRevert(refusal);
        desk.setProduct(provider, true);
        vm.stopPrank();
    }

    function _expectNotProvider() private {
        _expectRefusal(_quote(), abi.encodeWithSelector(IFxDesk.FxDesk_NotProvider.selector, provider));
    }
}
