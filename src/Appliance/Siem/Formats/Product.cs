namespace Blackwall.Siem.Formats;

/// <summary>How events name the product that sends them.</summary>
internal static class Product
{
    public const string Vendor = "Blackwall";

    public const string Name = "Appliance";

    public static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0";
}
