using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>How a rule of the configuration is told from one that somebody made over the API.</summary>
public static class ConfiguredRule
{
    /// <summary>Actor of these rules; the API leaves them to the file.</summary>
    public const string Actor = "config";

    /// <summary>Reason of these rules.</summary>
    public const string Reason = "configured";

    /// <summary>Whether the configuration, or a list that it names, owns it.</summary>
    public static bool Is(Decision rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Origin == Origin.Operator && (string.Equals(rule.Owner, ClaimOwner.Configuration.Name, StringComparison.Ordinal) || rule.Owner.StartsWith('/'));
    }
}
