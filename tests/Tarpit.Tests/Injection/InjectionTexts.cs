namespace Blackwall.Tarpit.Tests.Injection;

/// <summary>Texts that are orders to language models, and texts that are none.</summary>
internal static class InjectionTexts
{
    public static IReadOnlyList<string> Orders { get; } = Read("injections.txt");

    public static IReadOnlyList<string> Harmless { get; } = Read("harmless.txt");

    private static string[] Read(string name)
    {
        using Stream stream = typeof(InjectionTexts).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return [.. reader.ReadToEnd().Split('\n').Where((line, at) => line.Length > 0 && at > 0).Select(line => line.Replace("\\n", "\n", StringComparison.Ordinal))];
    }
}
