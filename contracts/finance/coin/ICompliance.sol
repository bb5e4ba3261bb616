// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../access/IParticipants.sol";
import {ISubAccounts} from "../clearing/ISubAccounts.sol";
import {IERC7943Fungible} from "./IERC7943.sol";

/// @title Who may hold and move a coin
/// @notice Active participants and system accounts hold it. Coins go between two legal entities only with a system account as
/// caller, payer or payee, for that is where the evidence of a payment is asked for. The same holds for accounts of one entity at
/// two banks, once the coin knows {banks}: the central-bank money behind a coin lies with its holder's bank, and only a payment
/// makes that bank owe it to another. Errors are the whole coin's.
interface ICompliance is IERC7943Fungible {
    event AccountFrozen(address indexed account);
    event AccountUnfrozen(address indexed account);
    event SystemAccountSet(address indexed account, bool system);
    event BanksSet(ISubAccounts indexed banks);
    /// @notice A forced transfer, with keccak256 of the order that demands it.
    event TransferOrdered(bytes32 indexed orderHash, address indexed from, address indexed to, uint256 amount);

    /// @dev A frozen account would send, receive, mint, or move another's coins.
    error Stablecoin_Frozen(address account);
    /// @dev Nothing would change.
    error Stablecoin_AlreadyInState(address account, bool state);
    /// @dev No system account takes part, and the accounts do not act for one legal entity.
    error Stablecoin_BetweenEntities(address from, address to);
    /// @dev One legal entity's accounts, but not at one bank; nor is it one when only one of them has any.
    error Stablecoin_OtherBank(address from, address to);
    error Stablecoin_BanksAlreadySet(ISubAccounts banks);
    /// @dev What a system account holds is other people's: it can be neither frozen nor seized.
    error Stablecoin_SystemAccount(address account);
    /// @dev Only a contract's code says what it does with other people's coins; an account with a key says nothing.
    error Stablecoin_NotAContract(address account);
    /// @dev Who holds coins stays a system account, so that these are not trapped.
    error Stablecoin_HoldsCoins(address account, uint256 balance);
    /// @dev A transfer to another legal entity, or to another bank, needs the hash of an order.
    error Stablecoin_OrderMissing(address from, address to);

    /// @notice Stops an account from sending, receiving, minting, and moving others' coins. Only COMPLIANCE.
    function freeze(address account) external;

    /// @notice Only COMPLIANCE. What {setFrozenTokens} froze stays so.
    function unfreeze(address account) external;

    /// @notice Carries out an order: takes coins, frozen or not, and gives them to an account that may receive. Only COMPLIANCE.
    /// No clearing follows: when the accounts have two banks, the order must settle between these what backs the coins.
    /// @param orderHash keccak256 of the order's text; not zero. One order may need several transfers.
    function forcedTransfer(address from, address to, uint256 amount, bytes32 orderHash) external returns (bool result);

    /// @notice Lists a contract that holds coins for others, such as escrows, or takes one off the list that holds none. Only
    /// VALIDATOR_ADMIN, after its delay: coins pass between entities through what is listed here.
    function setSystemAccount(address account, bool system) external;

    /// @notice Says once where it is written who banks whom. Until then, accounts of one entity move coins whatever their banks.
    /// Only OPERATOR.
    function setBanks(ISubAccounts subAccounts) external;

    function isFrozen(address account) external view returns (bool);
    function isSystemAccount(address account) external view returns (bool);
    function participants() external view returns (IParticipants);

    /// @notice Zero until it is set.
    function banks() external view returns (ISubAccounts);
}
