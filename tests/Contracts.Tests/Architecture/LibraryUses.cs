using System.Reflection;
using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>Who uses whom in a library of the product, and the rules that all libraries share.</summary>
internal sealed class LibraryUses(Assembly assembly, string name)
{
    private readonly Lazy<List<(string User, string Used)>> _loaded = new(() => ApplianceTypes.UsesIn(assembly));

    /// <summary>The scan sees the library: a use that is there, and its parsers.</summary>
    public void AssertSeen(string user, string used)
    {
        Assert.Contains((user, used), _loaded.Value);
        Assert.Contains(_loaded.Value, use => IsWire(use.User));
    }

    public void AssertKnowsNoOtherProject() => AssertNone(
        use => use.Used.StartsWith("Blackwall.", StringComparison.Ordinal) && !use.Used.StartsWith($"Blackwall.{name}.", StringComparison.Ordinal));

    public void AssertParsersArePure() => AssertNone(
        use => IsWire(use.User)
            && (use.Used.StartsWith("Microsoft.", StringComparison.Ordinal)
                || use.Used.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal)
                || (use.Used.StartsWith("System.Net.Sockets.", StringComparison.Ordinal) && use.Used is not "System.Net.Sockets.AddressFamily")
                || use.Used is "System.Console" or "System.IO.File" or "System.IO.FileStream" or "System.IO.Stream" or "System.TimeProvider" or "System.Random"));

    public void AssertNone(Func<(string User, string Used), bool> forbidden)
    {
        string[] found = [.. _loaded.Value.Where(forbidden).Select(use => $"{use.User} -> {use.Used}").Order(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static bool IsWire(string type) => ApplianceTypes.Folder(type).Split('.').Contains("Wire", StringComparer.Ordinal);
}
