namespace Blackwall.Api.Licenses;

/// <summary>What this installation is licensed for at this moment. Thread-safe.</summary>
public interface ILicense
{
    LicenseTier Tier { get; }

    /// <summary>It has expired, and still counts until then; null: it has not.</summary>
    DateTimeOffset? GraceEnds { get; }
}
