using Blackwall.Config;

namespace Blackwall.Inspection;

/// <summary>Section [dpi]: what requests are looked at for.</summary>
public sealed class InspectionOptions
{
    /// <summary>Whether requests are held against the rules.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A file with rules in place of those that come with the appliance; null: those.</summary>
    public string? RulesFile { get; set; }

    /// <summary>By this the weight of each rule is multiplied; 0..2. 0: hits are counted and no evidence.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Seconds for which the same rule met by the same source is counted and not told again; 1..86,400.</summary>
    public int RepeatSeconds { get; set; } = 60;

    /// <summary>The rules in force.</summary>
    public IReadOnlyList<RequestRule> Rules { get; set; } = ShippedRules.Read();

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<InspectionOptions>("dpi", "Inspection of requests in clear text.", new InspectionOptions())
            .Flag("enabled", "Whether requests are compared with the rules.", o => o.Enabled, (o, v) => o.Enabled = v)
            .Text("rules_file", "Absolute path of a file with rules in place of those that come with Blackwall; empty: those.", o => o.RulesFile, (o, v) => o.Load(v))
            .Number("weight", "Factor for the weight of each rule; 0: hits are counted and are no evidence.", 0, 2, o => o.Weight, (o, v) => o.Weight = v)
            .Integer("repeat_seconds", "Seconds for which another hit of a rule by the same source is counted and not reported again.", 1, 86_400, o => o.RepeatSeconds, (o, v) => o.RepeatSeconds = (int)v)
            .Live("enabled", "rules_file", "weight"),
    ];

    private string? Load(string path)
    {
        if (path.Length == 0)
        {
            (Rules, RulesFile) = (ShippedRules.Read(), null);
            return null;
        }

        try
        {
            (Rules, IReadOnlyList<string> errors) = RequestRuleFile.Parse(File.ReadAllText(path), path);
            RulesFile = path;
            return errors.Count == 0 ? null : $"names a file with errors:\n{string.Join('\n', errors).TrimEnd('.')}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"must be a file with rules; it cannot be read: {failure.Message.TrimEnd('.')}";
        }
    }
}
