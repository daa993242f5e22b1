namespace Blackwall.Api.Licenses;

/// <summary>What each tier has. docs/LICENSING.md shows the same table.</summary>
public static class LicenseMatrix
{
    public static LicenseLimits LimitsOf(LicenseTier tier) => tier switch
    {
        LicenseTier.Basic => new LicenseLimits(100, 60, 0, 0),
        LicenseTier.Professional => new LicenseLimits(500, 600, 2, 1),
        LicenseTier.Enterprise => new LicenseLimits(1000, 6000, null, null),
        _ => new LicenseLimits(1000, null, null, null),
    };

    public static bool Has(LicenseTier tier, LicensedFeature feature) => tier >= NeededFor(feature);

    /// <summary>The lowest tier that has it.</summary>
    public static LicenseTier NeededFor(LicensedFeature feature) => feature is LicensedFeature.TaxiiWrite ? LicenseTier.Enterprise : LicenseTier.Professional;

    /// <summary>The lowest tier whose limit allows so many.</summary>
    public static LicenseTier NeededFor(Func<LicenseLimits, int?> limit, int count) => Enum.GetValues<LicenseTier>().First(tier => limit(LimitsOf(tier)) is not { } most || count <= most);
}
