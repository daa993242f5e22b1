namespace Blackwall.Inspection;

/// <summary>The rules that come with the appliance.</summary>
internal static class ShippedRules
{
    private const string Resource = "dpi-rules";

    // Expressions take a while to build.
    private static readonly Lazy<IReadOnlyList<RequestRule>> s_rules = new(Load);

    public static IReadOnlyList<RequestRule> Read() => s_rules.Value;

    private static IReadOnlyList<RequestRule> Load()
    {
        using Stream stream = typeof(ShippedRules).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        using StreamReader reader = new(stream);
        (IReadOnlyList<RequestRule> rules, IReadOnlyList<string> errors) = RequestRuleFile.Parse(reader.ReadToEnd(), Resource);
        return errors.Count == 0 ? rules : throw new InvalidOperationException(errors[0]);
    }
}
