// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {Compliance} from "./Compliance.sol";
import {IIssuance} from "./IIssuance.sol";

/// @title The part of a coin that says how many there may be
/// @notice Room for a mint is the attested reserve less the supply. A burn makes none: it counts against the reserve until an
/// attestation of a later time, because a redeemer may have been paid out of it.
abstract contract Issuance is Compliance, IIssuance {
    using Checkpoints for Checkpoints.Trace208;
    using RateLimiter for RateLimiter.RefillingBucket;

    /// @dev Every minter has a bucket with settings of its own, and in it one entry.
    bytes32 private constant ENTRY = 0;
    uint48 private constant SHORTEST_WINDOW = 1 hours;

    mapping(address minter => RateLimiter.RefillingBucket) private _buckets;
    /// @inheritdoc IIssuance
    mapping(address minter => uint256) public minterAllowance;
    /// @inheritdoc IIssuance
    mapping(address minter => mapping(address to => bool)) public mayMintTo;

    Reserve private _attested;
    /// @inheritdoc IIssuance
    uint32 public reserveMaxAge = 1 days;
    /// @dev All that was ever burned, by time.
    Checkpoints.Trace208 private _burned;

    // ----------------------------------------------------------------------------------------------- permitting

    /// @inheritdoc IIssuance
    function setMinter(address minter, uint256 allowance_, uint208 capacity, uint48 window) external restricted {
        require(window >= SHORTEST_WINDOW, Stablecoin_WindowTooShort(window));
        minterAllowance[minter] = allowance_;
        RateLimiter.RefillingBucket storage bucket = _buckets[minter];
        bucket.sync(ENTRY); // what flowed in until now did so at the former rate
        bucket.updateSettings(window, capacity);
        emit MinterSet(minter, allowance_, capacity, window);
    }

    /// @inheritdoc IIssuance
    function setDestination(address minter, address to, bool allowed) external restricted {
        mayMintTo[minter][to] = allowed;
        emit DestinationSet(minter, to, allowed);
    }

    // ---------------------------------------------------------------------------------------- minting, burning

    /// @inheritdoc IIssuance
    function mint(address to, uint256 amount) external {
        uint256 left = minterAllowance[msg.sender];
        require(amount <= left, Stablecoin_AllowanceExceeded(msg.sender, left, amount));
        require(mayMintTo[msg.sender][to], Stablecoin_DestinationNotAllowed(msg.sender, to));
        _requireBacked(amount);
        RateLimiter.RefillingBucket storage bucket = _buckets[msg.sender];
        require(bucket.tryConsume(ENTRY, amount), Stablecoin_RateExceeded(msg.sender, bucket.available(ENTRY), amount));

        minterAllowance[msg.sender] = left - amount;
        emit Minted(msg.sender, to, amount);
        _mint(to, amount);
    }

    /// @inheritdoc IIssuance
    function burn(uint256 amount) external restricted {
        _burn(msg.sender, amount);
    }

    // ------------------------------------------------------------------------------------------------- reserve

    /// @inheritdoc IIssuance
    function attestReserve(int256 amount, uint48 asOf, bytes32 report) external restricted {
        require(amount >= 0 && amount <= int256(uint256(type(uint128).max)), Stablecoin_InvalidReserve(amount));
        uint48 previous = _attested.asOf;
        require(asOf <= block.timestamp && asOf > previous, Stablecoin_InvalidReserveTime(asOf, previous));
        _attested = Reserve(uint128(uint256(amount)), asOf); // 0 <= amount < 2^128
        emit ReserveAttested(uint256(amount), asOf, report);

        (uint256 supply, uint256 reserve, ) = backing();
        if (supply > reserve) emit ReserveShort(supply, reserve);
    }

    /// @inheritdoc IIssuance
    function setReserveMaxAge(uint32 maxAge) external restricted {
        require(maxAge >= 1 hours && maxAge <= 7 days, Stablecoin_InvalidMaxAge(maxAge));
        reserveMaxAge = maxAge;
        emit ReserveMaxAgeSet(maxAge);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IIssuance
    function attestedReserve() external view returns (Reserve memory) {
        return _attested;
    }

    /// @inheritdoc IIssuance
    function mintable(address minter) external view returns (uint256) {
        (uint256 supply, uint256 reserve, bool stale) = backing();
        if (stale) return 0;
        uint256 room = Math.saturatingSub(reserve, supply);
        return Math.min(room, Math.min(minterAllowance[minter], _buckets[minter].available(ENTRY)));
    }

    /// @inheritdoc IIssuance
    function backing() public view returns (uint256 supply, uint256 reserve, bool stale) {
        Reserve memory attested = _attested;
        supply = totalSupply();
        stale = block.timestamp > uint256(attested.asOf) + reserveMaxAge;
        if (attested.asOf == 0) return (supply, 0, true);
        // What was burned in the second of the attestation counts as not yet seen by it.
        uint256 burnedSince = _burned.latest() - _burned.upperLookupRecent(attested.asOf - 1);
        reserve = Math.saturatingSub(attested.amount, burnedSince);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _update(address from, address to, uint256 value) internal virtual override {
        super._update(from, to, value);
        // A supply of all times below 2^208: each burn was minted, and each mint stayed below a reserve of 128 bits.
        if (to == address(0)) _burned.push(uint48(block.timestamp), uint208(_burned.latest() + value));
    }

    function _requireBacked(uint256 amount) private view {
        (uint256 supply, uint256 reserve, bool stale) = backing();
        require(!stale, Stablecoin_ReserveStale(_attested.asOf, reserveMaxAge));
        bool backed = supply <= reserve && amount <= reserve - supply;
        require(backed, Stablecoin_NotBacked(supply, amount, reserve));
    }
}
