using Blackwall.Events;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Blackwall.Logging;

/// <summary>One JSON object an entry: time, level, feature, id, message, and each value of the message under "fields".</summary>
internal sealed class JsonFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "blackwall-json";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("level", LogEntryText.Level(logEntry.LogLevel));
            json.WriteString("feature", LogEntryText.Feature(logEntry.Category));
            json.WriteNumber("id", logEntry.EventId.Id);
            json.WriteString("message", LogEntryText.Message(in logEntry));
            json.WriteStartObject("fields");
            foreach ((string name, object? value) in LogEntryText.Fields(logEntry.State))
            {
                json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(name), OneLine.Clean(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        textWriter.Write('\n');
    }
}
