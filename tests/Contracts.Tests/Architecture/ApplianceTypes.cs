using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using Blackwall.Pipeline.Model;

namespace Blackwall.Tests.Architecture;

/// <summary>Who uses whom in the appliance, read from its IL.</summary>
internal static class ApplianceTypes
{
    private static readonly Lazy<IReadOnlyList<(string User, string Used)>> Loaded = new(Load);

    /// <summary>Full names; nested and generated types count as the type around them.</summary>
    public static IReadOnlyList<(string User, string Used)> Uses => Loaded.Value;

    /// <summary>"Pipeline", "Kernel.Interop": the namespace below the product's; empty for Program.</summary>
    public static string Folder(string type)
    {
        string[] parts = type.Split('.');
        return !string.Equals(parts[0], "Blackwall", StringComparison.Ordinal) || parts.Length < 3 ? "" : string.Join('.', parts[1..^1]);
    }

    public static string Feature(string type) => Folder(type).Split('.')[0];

    private static List<(string User, string Used)> Load() => UsesIn(typeof(Address).Assembly);

    /// <summary>Who uses whom in an assembly of the product.</summary>
    public static List<(string User, string Used)> UsesIn(System.Reflection.Assembly assembly) =>
    [
        .. new ArchLoader().LoadAssemblies(assembly).Build().Types
            .Where(type => type.FullName.StartsWith("Blackwall.", StringComparison.Ordinal))
            .SelectMany(type => type.GetTypeDependencies().Select(used => (Outer(type), Outer(used))))
            .Distinct()
            .Where(use => !string.Equals(use.Item1, use.Item2, StringComparison.Ordinal)),
    ];

    private static string Outer(IType type)
    {
        int nested = type.FullName.IndexOfAny(['+', '/', '`', '[', '*', '&']);
        return nested < 0 ? type.FullName : type.FullName[..nested];
    }
}
