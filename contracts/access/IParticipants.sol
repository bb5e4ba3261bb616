// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Legal Entity Identifier, ISO 17442: 18 capital letters or digits and two check digits, as ASCII.
type Lei is bytes20;

/// @title Which legal entity stands behind an account
interface IParticipants {
    enum Status {
        Unknown,
        Active,
        Suspended
    }

    event EntityAdmitted(Lei indexed lei, bytes2 country);
    event EntitySuspended(Lei indexed lei);
    event EntityReinstated(Lei indexed lei);
    event AccountLinked(address indexed account, Lei indexed lei);
    event AccountUnlinked(address indexed account, Lei indexed lei);

    /// @dev The identifier breaks ISO 17442: length, characters, or check digits (ISO 7064 MOD 97-10).
    error Participants_InvalidLei(Lei lei);
    /// @dev The country is not two capital letters (ISO 3166-1 alpha-2).
    error Participants_InvalidCountry(bytes2 country);
    error Participants_WrongStatus(Lei lei, Status status);
    /// @dev One account belongs to one entity.
    error Participants_AccountTaken(address account, Lei lei);
    /// @dev An entity has 64 at most, so that it can be suspended in one transaction.
    error Participants_TooManyAccounts(Lei lei, uint256 count);
    error Participants_UnknownAccount(address account);
    /// @dev The account belongs to no entity, or to one that is suspended.
    error Participants_NotActive(address account);

    /// @notice Admits a legal entity. Only REGISTRAR.
    /// @param country Where it is registered, ISO 3166-1 alpha-2.
    function admit(Lei lei, bytes2 country) external;

    /// @notice Suspends all accounts of an entity at once. Only REGISTRAR.
    function suspend(Lei lei) external;

    /// @notice Lifts a suspension. Only REGISTRAR.
    function reinstate(Lei lei) external;

    /// @notice Says that an account acts for an admitted entity. Only REGISTRAR.
    function linkAccount(address account, Lei lei) external;

    /// @notice Takes an account from its entity. Only REGISTRAR.
    function unlinkAccount(address account) external;

    /// @notice Whether the account acts for an entity that is admitted and not suspended.
    function isActive(address account) external view returns (bool);

    /// @dev Reverts with `Participants_NotActive` unless {isActive}.
    function requireActive(address account) external view;

    /// @dev Reverts with `Participants_NotActive`, for the first of them, unless both are; one call for the two sides of an act.
    function requireBothActive(address first, address second) external view;

    /// @notice The entity behind an account; zero when there is none.
    function leiOf(address account) external view returns (Lei);

    /// @notice The accounts that act for an entity.
    function accountsOf(Lei lei) external view returns (address[] memory);

    /// @notice Country and status of an entity.
    function entity(Lei lei) external view returns (bytes2 country, Status status);

    /// @notice The entity behind an account, with its country and status; all zero when there is none.
    function standingOf(address account) external view returns (Lei lei, bytes2 country, Status status);
}
