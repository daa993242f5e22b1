namespace Blackwall.Licensing;

/// <summary>How a licence counts.</summary>
internal enum LicenseState
{
    /// <summary>There is none.</summary>
    None,
    Valid,

    /// <summary>It does not count yet.</summary>
    Future,

    /// <summary>It has expired, and still counts for its days of grace.</summary>
    Grace,

    /// <summary>It has expired.</summary>
    Expired,
    Revoked,

    /// <summary>It is for other machines.</summary>
    OtherMachine,
}
