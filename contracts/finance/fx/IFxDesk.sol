// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IStablecoin} from "../coin/IStablecoin.sol";

/// @title Payment versus payment between two coins
/// @notice A provider, who is a member bank with sub-accounts, signs a quote; a product executes it within a payment. Both
/// coins move in one transaction or neither does. The provider buys `sellCoin` (what the payer gives) and sells `buyCoin`.
interface IFxDesk {
    /// @param taker Whose payment it is for.
    /// @param sellAmount In the smallest unit of `sellCoin`.
    /// @param buyAmount In the smallest unit of `buyCoin`.
    /// @param nonce Chosen by the provider; used once.
    /// @param expiry Unix seconds, inclusive.
    struct Quote {
        address provider;
        address taker;
        IStablecoin sellCoin;
        uint128 sellAmount;
        IStablecoin buyCoin;
        uint128 buyAmount;
        bytes32 nonce;
        uint40 expiry;
    }

    event ProviderSet(address indexed provider, bool allowed);
    event Converted(
        address indexed provider,
        address indexed taker,
        bytes32 indexed nonce,
        IStablecoin sellCoin,
        uint256 sellAmount,
        IStablecoin buyCoin,
        uint256 buyAmount
    );
    event QuoteCancelled(address indexed provider, bytes32 indexed nonce);
    /// @param threshold In basis points; zero: not converted.
    event CoinSet(IStablecoin indexed coin, bytes3 indexed currency, uint16 threshold);
    /// @param tolerance In basis points; zero: not converted.
    event ToleranceSet(bytes3 indexed base, bytes3 indexed quote, uint16 tolerance);
    /// @notice A coin's market price left its peg; conversions of it stop until OPERATOR resets the breaker.
    event PegBroken(IStablecoin indexed coin, uint256 price);
    event PegRestored(IStablecoin indexed coin, uint256 price);

    /// @dev Not permitted, no member's own account, or the member is suspended.
    error FxDesk_NotProvider(address provider);
    error FxDesk_InvalidSignature(address provider);
    error FxDesk_QuoteUsed(address provider, bytes32 nonce);
    error FxDesk_QuoteExpired(uint40 expiry);
    error FxDesk_NotTaker(address expected, address given);
    error FxDesk_SameCoin(IStablecoin coin);
    error FxDesk_InvalidAmount();
    /// @dev Less comes out than the payer asked for.
    error FxDesk_BelowMinimum(uint256 minimum, uint256 given);
    /// @dev The quote is further from the reference rate than its pair allows. Both times 10^18.
    error FxDesk_OffMarket(uint256 quoted, uint256 market, uint256 tolerance);
    /// @dev The price is beyond the threshold, or was when the breaker tripped. The price is times 10^18.
    error FxDesk_PegBroken(IStablecoin coin, uint256 price);
    /// @dev There is nothing to trip, or to reset.
    error FxDesk_PegHolds(IStablecoin coin, uint256 price);
    /// @dev The coin has no threshold.
    error FxDesk_CoinNotListed(IStablecoin coin);
    /// @dev Neither direction has a tolerance.
    error FxDesk_PairNotListed(bytes3 sold, bytes3 bought);
    error FxDesk_WrongDecimals(IStablecoin coin, uint8 decimals);
    /// @dev Not below 10,000 basis points.
    error FxDesk_InvalidBasisPoints(uint16 given);

    // -------------------------------------------------------------------------------------------- converting

    /// @notice Uses up a quote. Moves no coins itself: the calling product moves both legs in the same transaction.
    /// @param taker Whose payment it is: the quote must name it.
    /// @param minimumOut In the smallest unit of `buyCoin`.
    /// @return member The provider's member id in the sub-accounts.
    /// @dev Only products. Reverts with `RateFeed_Stale` or `RateFeed_UnknownPair` when a rate that it needs is missing.
    function useQuote(
        Quote calldata quote,
        bytes calldata signature,
        address taker,
        uint256 minimumOut
    ) external returns (uint16 member);

    /// @notice Takes back a quote that was not used. Only its provider.
    function cancelQuote(bytes32 nonce) external;

    /// @notice Records that a coin's price is beyond its threshold, so that its conversions stay stopped when the price comes
    /// back. Open to anyone. Conversions at such a price fail without it, too.
    function tripBreaker(IStablecoin coin) external;

    // ----------------------------------------------------------------------------------------- administering

    /// @notice Permits the owner of a member to quote, or no longer. Only OPERATOR.
    function setProvider(address provider, bool allowed) external;

    /// @notice Lets a coin of six decimals be converted while its market price (pair `keccak256(abi.encode(coin))`) is at most
    /// `threshold` basis points from one; zero stops its conversions. A tripped breaker stays tripped. Only OPERATOR.
    function setCoin(IStablecoin coin, uint16 threshold) external;

    /// @notice Lets `base` be converted into `quote` and back, at most `tolerance` basis points from the feed's rate of that
    /// pair; zero stops it. A currency into itself is between coins of different issuers, at the rate of one. If both
    /// directions are set, the one from the sold currency to the bought one counts. Only OPERATOR.
    function setTolerance(bytes3 base, bytes3 quote, uint16 tolerance) external;

    /// @notice Lets a coin be converted again, once its price is back. Only OPERATOR.
    function resetBreaker(IStablecoin coin) external;

    // ----------------------------------------------------------------------------------------------- reading

    /// @notice The EIP-712 digest that a provider signs (name "Huangpu FxDesk", version "1").
    function quoteDigest(Quote calldata quote) external view returns (bytes32);

    /// @notice Whether a quote with this nonce was used or taken back. Nonces that follow one another share storage, which
    /// makes all but one in 256 of them cheaper.
    function isUsed(address provider, bytes32 nonce) external view returns (bool);

    /// @notice The member whose owner a permitted provider is; zero for others.
    function providerMember(address provider) external view returns (uint16);

    /// @notice Whether a coin's breaker has tripped. Its price may be beyond the threshold without.
    function isTripped(IStablecoin coin) external view returns (bool);
    function thresholdOf(IStablecoin coin) external view returns (uint16);
    function toleranceOf(bytes3 base, bytes3 quote) external view returns (uint16);
}
