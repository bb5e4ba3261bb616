// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title How many coins there may be
/// @notice A mint passes four gates, each of its own: the minter's allowance, its rate, its destinations, and a reserve that
/// was attested lately and covers all coins there are, frozen ones and those in redemption too.
interface IIssuance {
    /// @param amount What the attestor saw, in the coin's smallest unit.
    /// @param asOf Unix seconds at which it was seen.
    struct Reserve {
        uint128 amount;
        uint48 asOf;
    }

    event MinterSet(address indexed minter, uint256 allowance, uint256 capacity, uint48 window);
    event DestinationSet(address indexed minter, address indexed to, bool allowed);
    event Minted(address indexed minter, address indexed to, uint256 amount);
    event ReserveAttested(uint256 amount, uint48 asOf, bytes32 indexed report);
    /// @notice There are more coins than the reserve covers: nothing is minted, and redemptions go on.
    event ReserveShort(uint256 supply, uint256 reserve);
    event ReserveMaxAgeSet(uint32 maxAge);

    /// @dev The minter may create no more than `left` in all.
    error Stablecoin_AllowanceExceeded(address minter, uint256 left, uint256 amount);
    /// @dev The minter may create no more than `available` by now.
    error Stablecoin_RateExceeded(address minter, uint256 available, uint256 amount);
    error Stablecoin_DestinationNotAllowed(address minter, address to);
    /// @dev `supply` and `amount` together are above the reserve.
    error Stablecoin_NotBacked(uint256 supply, uint256 amount, uint256 reserve);
    error Stablecoin_ReserveStale(uint48 asOf, uint32 maxAge);
    /// @dev Negative, or more than 128 bits.
    error Stablecoin_InvalidReserve(int256 amount);
    /// @dev In the future, or not after the attestation before.
    error Stablecoin_InvalidReserveTime(uint48 asOf, uint48 previous);
    error Stablecoin_InvalidMaxAge(uint32 maxAge);
    /// @dev A bucket that fills faster limits nothing.
    error Stablecoin_WindowTooShort(uint48 window);

    /// @notice Says how much a minter may create. What its bucket is short of stays so. Only ISSUER.
    /// @param allowance In all from now on. Zero ends it.
    /// @param capacity The most at once: a bucket that starts full.
    /// @param window Seconds, an hour at least, in which an empty bucket fills again.
    function setMinter(address minter, uint256 allowance, uint208 capacity, uint48 window) external;

    /// @notice Says to whom a minter may create coins. Only ISSUER.
    function setDestination(address minter, address to, bool allowed) external;

    /// @notice Creates coins, in the smallest unit. Only minters.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys coins of the caller, in the smallest unit. Makes no room for a mint: only an attestation does. Only
    /// ISSUER.
    function burn(uint256 amount) external;

    /// @notice Says what the reserve holds. A sum below the supply is noted as well, and stops mints. Only RESERVE_ATTESTOR.
    /// @param asOf Unix seconds, later than in the attestation before.
    /// @param report keccak256 of the report.
    function attestReserve(int256 amount, uint48 asOf, bytes32 report) external;

    /// @notice Sets how old an attestation may be for a mint, in seconds: an hour to seven days. Only OPERATOR.
    function setReserveMaxAge(uint32 maxAge) external;

    /// @notice What was attested last, before what was burned since.
    function attestedReserve() external view returns (Reserve memory);

    /// @notice All coins there are, and the reserve that answers for them: what was attested less what was burned since, as
    /// that money may have left. `stale` stops mints.
    function backing() external view returns (uint256 supply, uint256 reserve, bool stale);

    /// @notice The most that a minter can create now: the least of allowance, bucket and backing.
    function mintable(address minter) external view returns (uint256);

    function minterAllowance(address minter) external view returns (uint256);
    function mayMintTo(address minter, address to) external view returns (bool);
    function reserveMaxAge() external view returns (uint32);
}
