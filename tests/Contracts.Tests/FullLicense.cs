using Blackwall.Api.Licenses;

namespace Blackwall.Tests;

/// <summary>Everything may be used; what tiers do is another test's subject.</summary>
internal sealed class FullLicense : ILicense
{
    public LicenseTier Tier { get; set; } = LicenseTier.NationalSecurity;

    public DateTimeOffset? GraceEnds { get; set; }
}
