// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IFxDesk} from "../../../../contracts/finance/fx/IFxDesk.sol";
import {IPayments} from "../../../../contracts/finance/payments/IPayments.sol";
import {PaymentWorld} from "../../../support/PaymentWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice What a payment costs, as a transaction of its own: 21,000, calldata and execution.
/// @dev All that is touched before is touched in {setUp}, which is another transaction: so every slot is cold, as in a block.
contract PaymentsGasTest is PaymentWorld {
    /// @dev Verdict on two new documents, conversion and net positions: the second payment of a cycle among known accounts.
    /// The budget is 350,000 (bench/payments.ts); what coverage puts into the code adds a quarter.
    uint256 internal constant BUDGET = 440_000;
    /// @dev A transaction finds its recipient's account warm, a call from here does not.
    uint256 internal constant COLD_ACCOUNT = 2_500;

    bytes private _payment;

    function setUp() public override {
        super.setUp();
        _convert(_conversion());
        IPayments.Order memory order = _conversion();
        IFxDesk.Quote memory quote = _quote();
        _payment = abi.encodeCall(IPayments.pay, (order, quote, _sign(quote, providerKey)));
    }

    function test_pay_conversionOnTwoDocuments_staysWithinBudget() public {
        bytes memory payment = _payment;
        uint256 gas = 21_000 - COLD_ACCOUNT;
        for (uint256 i = 0; i < payment.length; ++i) gas += payment[i] == 0 ? 4 : 16;
        vm.prank(payer);
        uint256 before = gasleft();
        (bool success, ) = address(payments).call(payment);
        gas += before - gasleft();
        assertTrue(success);
        assertEq(yuan.balanceOf(payee), 2 * AMOUNT);
        assertLe(gas, BUDGET, vm.toString(gas));
    }
}
