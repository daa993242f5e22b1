
namespace Blackwall.Inspection;

/// <summary>How a rule compares.</summary>
public enum RuleMatch
{
    Is,
    Prefix,
    Suffix,
    Contains,

    /// <summary>A regular expression without back references and look-around, in time linear to the text.</summary>
    Regex,
}
