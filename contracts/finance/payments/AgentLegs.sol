// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IClearingHouse} from "../clearing/IClearingHouse.sol";
import {ISubAccounts} from "../clearing/ISubAccounts.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IFxDesk} from "../fx/IFxDesk.sol";
import {ISettlement} from "./ISettlement.sol";

/// @title What the settlement agent owes banks for the escrows, and they owe it
/// @notice Guarantees that what comes in is booked in the same transaction or does not come in, and that what goes out goes out
/// whatever the clearing house says: what it refuses is remembered, and booked later.
abstract contract AgentLegs is ISettlement {
    using SafeCast for uint256;

    ISubAccounts public immutable subAccounts;
    IClearingHouse public immutable clearingHouse;

    /// @inheritdoc ISettlement
    mapping(uint16 member => mapping(bytes3 currency => uint256)) public unbooked;

    constructor(ISubAccounts subAccounts_, IClearingHouse clearingHouse_) {
        subAccounts = subAccounts_;
        clearingHouse = clearingHouse_;
    }

    /// @inheritdoc ISettlement
    function bookLater(uint16 member, bytes3 currency) external {
        uint256 amount = unbooked[member][currency];
        require(amount > 0, Settlement_NothingUnbooked(member, currency));
        delete unbooked[member][currency];
        emit LegBooked(member, currency, amount);
        clearingHouse.book(_leg(_agent(), member, currency, amount));
    }

    /// @dev The caller's bank owes the agent.
    function _bookFunding(IStablecoin coin, uint256 amount) internal {
        clearingHouse.book(_leg(_bankOf(msg.sender), _agent(), coin.currency(), amount));
    }

    /// @dev The caller's bank owes the provider, and the provider the agent.
    function _bookFunding(uint16 provider, IFxDesk.Quote calldata quote) internal {
        IClearingHouse.Leg[] memory legs = new IClearingHouse.Leg[](2);
        legs[0] = _leg(_bankOf(msg.sender), provider, quote.sellCoin.currency(), quote.sellAmount)[0];
        legs[1] = _leg(provider, _agent(), quote.buyCoin.currency(), quote.buyAmount)[0];
        clearingHouse.book(legs);
    }

    /// @dev The agent owes the bank of whoever is paid; nobody when there is none.
    function _bookPayout(address to, IStablecoin coin, uint256 amount) internal {
        uint16 agent = clearingHouse.settlementAgent();
        uint16 bank = subAccounts.memberOf(to);
        if (amount == 0 || bank == 0 || bank == agent) return;
        bytes3 currency = coin.currency();
        try clearingHouse.book(_leg(agent, bank, currency, amount)) returns (uint64) {} catch {
            unbooked[bank][currency] += amount;
            emit LegUnbooked(bank, currency, amount);
        }
    }

    function _agent() private view returns (uint16 agent) {
        agent = clearingHouse.settlementAgent();
        require(agent != 0, Settlement_NoAgent());
    }

    function _bankOf(address account) private view returns (uint16 bank) {
        bank = subAccounts.memberOf(account);
        require(bank != 0, Settlement_NoBank(account));
    }

    function _leg(
        uint16 debtor,
        uint16 creditor,
        bytes3 currency,
        uint256 amount
    ) private pure returns (IClearingHouse.Leg[] memory legs) {
        legs = new IClearingHouse.Leg[](1);
        legs[0] = IClearingHouse.Leg(debtor, creditor, currency, amount.toUint96());
    }
}
