// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IEvidenceLedger} from "../../contracts/finance/evidence/IEvidenceLedger.sol";

/// @title The least that a product can be: a payment of the caller's that is only verified
contract BenchProduct {
    IEvidenceLedger private immutable _ledger;

    constructor(IEvidenceLedger ledger) {
        _ledger = ledger;
    }

    function pay(
        bytes32 claimId,
        address payee,
        bytes3 currency,
        uint256 amount,
        bytes32[] calldata documents
    ) external {
        _ledger.drawForGood(IEvidenceLedger.Claim(claimId, msg.sender, payee, currency, amount, documents));
    }
}
