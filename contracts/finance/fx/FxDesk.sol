// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Products} from "../../access/Products.sol";
import {ISubAccounts} from "../clearing/ISubAccounts.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IFxDesk} from "./IFxDesk.sol";
import {IRateFeed} from "./IRateFeed.sol";

/// @title FxDesk
/// @notice Guarantees that a quote is used at most once, by the taker, on the chain, for the coins and until the time that its
/// provider signed, and only at a price within the tolerance of the reference rate, while both coins hold their peg. What
/// is not configured is not converted. Trusts the rate feed for rates, products to move exactly the two amounts, and OPERATOR
/// for providers, thresholds and tolerances. Holds no money.
contract FxDesk is IFxDesk, Products, EIP712 {
    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "Quote(address provider,address taker,address sellCoin,uint128 sellAmount,address buyCoin,uint128 buyAmount,"
        "bytes32 nonce,uint40 expiry)"
    );
    uint256 private constant ONE = 1e18;
    uint256 private constant WHOLE = 10_000;

    /// @param currency Of the coin; read once, for it never changes.
    struct Listing {
        bytes3 currency;
        uint16 threshold;
        bool tripped;
    }

    IRateFeed public immutable rateFeed;
    ISubAccounts public immutable subAccounts;

    /// @inheritdoc IFxDesk
    mapping(address provider => uint16 member) public providerMember;
    mapping(IStablecoin coin => Listing) private _listings;
    mapping(bytes32 pair => uint16) private _tolerances;
    mapping(address provider => mapping(uint256 word => uint256)) private _usedNonces;

    constructor(
        address initialAuthority,
        IRateFeed feed,
        ISubAccounts accounts
    ) AccessManaged(initialAuthority) EIP712("Huangpu FxDesk", "1") {
        rateFeed = feed;
        subAccounts = accounts;
    }

    // ---------------------------------------------------------------------------------------------- converting

    /// @inheritdoc IFxDesk
    function useQuote(
        Quote calldata quote,
        bytes calldata signature,
        address taker,
        uint256 minimumOut
    ) external onlyProduct returns (uint16 member) {
        member = providerMember[quote.provider];
        require(member != 0 && subAccounts.isActive(member), FxDesk_NotProvider(quote.provider));
        require(taker == quote.taker, FxDesk_NotTaker(quote.taker, taker));
        require(block.timestamp <= quote.expiry, FxDesk_QuoteExpired(quote.expiry));
        require(quote.sellAmount > 0 && quote.buyAmount > 0, FxDesk_InvalidAmount());
        require(quote.buyAmount >= minimumOut, FxDesk_BelowMinimum(minimumOut, quote.buyAmount));
        _requireFair(quote);

        _useNonce(quote.provider, quote.nonce);
        emit Converted(
            quote.provider,
            taker,
            quote.nonce,
            quote.sellCoin,
            quote.sellAmount,
            quote.buyCoin,
            quote.buyAmount
        );
        require(
            SignatureChecker.isValidSignatureNowCalldata(quote.provider, quoteDigest(quote), signature),
            FxDesk_InvalidSignature(quote.provider)
        );
    }

    /// @inheritdoc IFxDesk
    function cancelQuote(bytes32 nonce) external {
        _useNonce(msg.sender, nonce);
        emit QuoteCancelled(msg.sender, nonce);
    }

    /// @inheritdoc IFxDesk
    function tripBreaker(IStablecoin coin) external {
        Listing storage listing = _listed(coin);
        (uint256 price, bool holds) = _price(coin, listing.threshold);
        require(!holds, FxDesk_PegHolds(coin, price));
        require(!listing.tripped, FxDesk_PegBroken(coin, price));
        listing.tripped = true;
        emit PegBroken(coin, price);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IFxDesk
    function setProvider(address provider, bool allowed) external restricted {
        uint16 member = subAccounts.memberOf(provider);
        bool owner = member != 0 && subAccounts.member(member).owner == provider;
        require(owner || !allowed, FxDesk_NotProvider(provider));
        providerMember[provider] = allowed ? member : 0;
        emit ProviderSet(provider, allowed);
    }

    /// @inheritdoc IFxDesk
    function setCoin(IStablecoin coin, uint16 threshold) external restricted {
        uint8 decimals = IERC20Metadata(address(coin)).decimals();
        require(decimals == 6, FxDesk_WrongDecimals(coin, decimals));
        require(threshold < WHOLE, FxDesk_InvalidBasisPoints(threshold));
        Listing storage listing = _listings[coin];
        listing.currency = coin.currency();
        listing.threshold = threshold;
        emit CoinSet(coin, listing.currency, threshold);
    }

    /// @inheritdoc IFxDesk
    function setTolerance(bytes3 base, bytes3 quote, uint16 tolerance) external restricted {
        require(tolerance < WHOLE, FxDesk_InvalidBasisPoints(tolerance));
        _tolerances[_pair(base, quote)] = tolerance;
        emit ToleranceSet(base, quote, tolerance);
    }

    /// @inheritdoc IFxDesk
    function resetBreaker(IStablecoin coin) external restricted {
        Listing storage listing = _listed(coin);
        (uint256 price, bool holds) = _price(coin, listing.threshold);
        require(holds, FxDesk_PegBroken(coin, price));
        require(listing.tripped, FxDesk_PegHolds(coin, price));
        listing.tripped = false;
        emit PegRestored(coin, price);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IFxDesk
    function quoteDigest(Quote calldata quote) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(QUOTE_TYPEHASH, quote)));
    }

    /// @inheritdoc IFxDesk
    function isUsed(address provider, bytes32 nonce) external view returns (bool) {
        (uint256 word, uint256 bit) = _nonceBit(nonce);
        return _usedNonces[provider][word] & bit != 0;
    }

    /// @inheritdoc IFxDesk
    function isTripped(IStablecoin coin) external view returns (bool) {
        return _listings[coin].tripped;
    }

    /// @inheritdoc IFxDesk
    function thresholdOf(IStablecoin coin) external view returns (uint16) {
        return _listings[coin].threshold;
    }

    /// @inheritdoc IFxDesk
    function toleranceOf(bytes3 base, bytes3 quote) external view returns (uint16) {
        return _tolerances[_pair(base, quote)];
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _requireFair(Quote calldata quote) private view {
        require(address(quote.sellCoin) != address(quote.buyCoin), FxDesk_SameCoin(quote.sellCoin));
        bytes3 sold = _requirePeg(quote.sellCoin);
        bytes3 bought = _requirePeg(quote.buyCoin);
        bytes32 pair = _pair(sold, bought);
        uint256 tolerance = _tolerances[pair];
        if (tolerance != 0) {
            uint256 market = sold == bought ? ONE : rateFeed.rate(pair).value;
            return _requireNear(quote.sellAmount, quote.buyAmount, market, tolerance);
        }
        pair = _pair(bought, sold);
        tolerance = _tolerances[pair];
        require(tolerance != 0, FxDesk_PairNotListed(sold, bought));
        _requireNear(quote.buyAmount, quote.sellAmount, rateFeed.rate(pair).value, tolerance);
    }

    /// @dev Compares amounts and not rates, so that nothing is rounded in anybody's favour. Amounts and rate are below 2^128.
    function _requireNear(uint256 base, uint256 quoted, uint256 market, uint256 tolerance) private pure {
        uint256 given = quoted * ONE;
        uint256 due = base * market;
        require(
            _distance(given, due) <= Math.mulDiv(due, tolerance, WHOLE),
            FxDesk_OffMarket(given / base, market, Math.mulDiv(market, tolerance, WHOLE))
        );
    }

    function _requirePeg(IStablecoin coin) private view returns (bytes3) {
        Listing memory listing = _listed(coin);
        (uint256 price, bool holds) = _price(coin, listing.threshold);
        require(holds && !listing.tripped, FxDesk_PegBroken(coin, price));
        return listing.currency;
    }

    function _price(IStablecoin coin, uint256 threshold) private view returns (uint256 price, bool holds) {
        price = rateFeed.rate(keccak256(abi.encode(coin))).value;
        holds = _distance(price, ONE) * WHOLE <= ONE * threshold;
    }

    function _useNonce(address provider, bytes32 nonce) private {
        (uint256 word, uint256 bit) = _nonceBit(nonce);
        uint256 used = _usedNonces[provider][word];
        require(used & bit == 0, FxDesk_QuoteUsed(provider, nonce));
        _usedNonces[provider][word] = used | bit;
    }

    function _nonceBit(bytes32 nonce) private pure returns (uint256 word, uint256 bit) {
        return (uint256(nonce) >> 8, 1 << (uint256(nonce) & 0xff));
    }

    function _listed(IStablecoin coin) private view returns (Listing storage listing) {
        listing = _listings[coin];
        require(listing.threshold != 0, FxDesk_CoinNotListed(coin));
    }

    function _pair(bytes3 base, bytes3 quote) private pure returns (bytes32) {
        return keccak256(abi.encode(base, quote));
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }
}
