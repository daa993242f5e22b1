using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Blackwall.Classification.Wire;

/// <summary>Writes questions. What is in them is numbers under words of <see cref="CaseWords"/>, and ids that count from 1.</summary>
internal static class CasePrompt
{
    /// <summary>The same for every question, so that the server can keep what it made of it.</summary>
    public const string System =
        "You classify sources of network traffic seen by a firewall. Each case is an object of numbers counted by the firewall; a number that is missing is 0. "
        + "Answer with JSON only: {\"v\":[{\"id\":\"1\",\"c\":\"scan\",\"p\":90}]}. Give every id once. c is one of scan, bruteforce, beacon, exfil, exploit, flood, benign, unknown; "
        + "p is how sure you are, 0 to 100. Ports or hosts tried in vain point to scan; failed or refused logins to bruteforce; rules met by requests to exploit; packet rates to flood; "
        + "ordinary uses to benign. When the numbers say little, answer unknown.";

    /// <summary>What an answer has to be, for servers that hold the model to a schema. It is checked again whatever they do.</summary>
    public const string Schema =
        """{"type":"object","properties":{"v":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"c":{"type":"string","enum":["scan","bruteforce","beacon","exfil","exploit","flood","benign","unknown"]},"p":{"type":"integer","minimum":0,"maximum":100}},"required":["id","c","p"],"additionalProperties":false}}},"required":["v"],"additionalProperties":false}""";

    /// <summary>Tokens that an answer about one source takes at most.</summary>
    public const int TokensEach = 40;

    /// <summary>The sources as JSON.</summary>
    public static string Write(IReadOnlyList<Case> cases)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("cases"u8);
            for (int i = 0; i < cases.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, (i + 1).ToString(CultureInfo.InvariantCulture));
                foreach (CaseNumber number in cases[i].Numbers.Take(Case.MaxNumbers))
                {
                    writer.WriteNumber(number.Name, number.Value);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Tokens that a question and its answer take, estimated from above: three bytes a token are few for JSON.</summary>
    public static int Tokens(string cases, int count) => ((System.Length + Schema.Length + cases.Length) / 3) + (count * TokensEach);
}
