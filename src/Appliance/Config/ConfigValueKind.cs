namespace Blackwall.Config;

public enum ConfigValueKind
{
    /// <summary>From the environment or the command line.</summary>
    Untyped,
    Text,
    Integer,
    Number,
    Flag,
    List,
}
