namespace Blackwall.Mesh.Indicators.Wire;

/// <summary>Why bytes are no message.</summary>
public enum IndicatorFault
{
    None,

    /// <summary>More than <see cref="SignedIndicator.MaxLength"/>.</summary>
    TooLong,

    /// <summary>Not what a writer of this version writes: other types, another order, another form of a number, surplus bytes.</summary>
    Malformed,

    /// <summary>Another version.</summary>
    UnknownVersion,

    /// <summary>A number beyond its range, or a word that there is not.</summary>
    OutOfRange,

    /// <summary>Its value is not in the canonical form of its kind.</summary>
    BadValue,

    /// <summary>Its author's id does not hold the key.</summary>
    NoKey,
}
