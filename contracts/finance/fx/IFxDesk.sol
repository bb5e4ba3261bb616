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
    /// @notice A coin's market price left its peg; conversions of it stop until OPERATOR resets the breaker.
    event PegBroken(IStablecoin indexed coin, uint256 price);
    event PegRestored(IStablecoin indexed coin, uint256 price);

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
    error FxDesk_PegBroken(IStablecoin coin, uint256 price);

    /// @notice Uses up a quote. Moves no coins itself: the calling product moves both legs in the same transaction.
    /// @return member The provider's member id in the sub-accounts.
    /// @dev Only products.
    function useQuote(
        Quote calldata quote,
        bytes calldata signature,
        address taker,
        uint256 minimumOut
    ) external returns (uint16 member);

    /// @notice Takes back a quote that was not used. Only its provider.
    function cancelQuote(bytes32 nonce) external;

    /// @notice The EIP-712 digest that a provider signs (name "Huangpu FxDesk", version "1").
    function quoteDigest(Quote calldata quote) external view returns (bytes32);

    function isUsed(address provider, bytes32 nonce) external view returns (bool);
}
