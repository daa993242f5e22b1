using System.Text.Json.Serialization;

namespace Blackwall.Tui.Api;

/// <summary>What the console reads and writes; an answer without what it must have is no answer of an appliance.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16,
    Converters = [typeof(PlainTextConverter)])]
[JsonSerializable(typeof(Stats))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(DecisionPage))]
[JsonSerializable(typeof(DecisionDraft))]
[JsonSerializable(typeof(DecisionEvent))]
[JsonSerializable(typeof(Source))]
[JsonSerializable(typeof(CheckQuestion))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(DryRun))]
[JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(Gap))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
