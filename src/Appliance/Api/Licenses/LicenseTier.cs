namespace Blackwall.Api.Licenses;

/// <summary>What an installation is licensed for, in rising order.</summary>
public enum LicenseTier
{
    /// <summary>Without a licence: everything that protects.</summary>
    Basic,
    Professional,
    Enterprise,
    NationalSecurity,
}
