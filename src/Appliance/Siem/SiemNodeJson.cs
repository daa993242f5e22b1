using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Blackwall.Siem;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class SiemNodeJson : JsonSerializerContext;
