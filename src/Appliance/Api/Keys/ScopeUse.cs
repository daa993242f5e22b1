namespace Blackwall.Api.Keys;

/// <summary>What a scope lets its holder do.</summary>
internal enum ScopeUse
{
    /// <summary>Look at what is decided and counted.</summary>
    Read = 0,

    /// <summary>Look at what people sent: a key's first reading of a thing in ten minutes is recorded in the audit log.</summary>
    ReadRecorded = 1,

    /// <summary>Change something: who holds it administers the appliance.</summary>
    Change = 2,
}
