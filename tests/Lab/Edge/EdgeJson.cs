using System.Text.Json;
using System.Text.Json.Serialization;

namespace Blackwall.Lab.Edge;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DecisionView))]
[JsonSerializable(typeof(DecisionPage))]
[JsonSerializable(typeof(DecisionChangeView))]
[JsonSerializable(typeof(DecisionWish))]
[JsonSerializable(typeof(ProblemView))]
public sealed partial class EdgeJson : JsonSerializerContext;
