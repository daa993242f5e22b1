namespace Blackwall.Intel;

/// <summary>What a fact does to the indicator of its value.</summary>
internal enum FactEffect
{
    /// <summary>It makes one, or adds to it.</summary>
    Assert,

    /// <summary>It adds to one that is there, and makes none.</summary>
    Add,

    /// <summary>The decision behind it has ended by itself: what was counted is published.</summary>
    Settle,

    /// <summary>Somebody took it back.</summary>
    Revoke,
}
