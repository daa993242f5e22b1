using System.Collections.Frozen;

namespace Blackwall.Classification;

/// <summary>Closed lists of words of models, as API and answers spell them.</summary>
internal static class OpinionWords
{
    public const string CategoryList = "OpinionCategory";
    public const string EffectList = "OpinionEffect";
    public const string OutcomeList = "ModelOutcome";
    public const string ModeList = "AiMode";
    public const string StateList = "ModelState";

    public static readonly FrozenDictionary<string, OpinionCategory> Categories = Enum.GetValues<OpinionCategory>().ToFrozenDictionary(For, StringComparer.Ordinal);

    public static readonly string[] Effects = [.. Enum.GetValues<OpinionEffect>().Select(For)];

    public static readonly string[] Outcomes = [.. Enum.GetValues<ModelOutcome>().Select(For)];

    public static readonly string[] Modes = [.. Enum.GetValues<AiMode>().Select(For)];

    /// <summary>off: not asked; ready; paused: it failed and is left alone; waiting: the minute's tokens are spent.</summary>
    public static readonly string[] States = ["off", "ready", "paused", "waiting"];

    public static string For<TEnum>(TEnum value)
        where TEnum : struct, Enum => Api.Contracts.Words.Kebab($"{value}");
}
