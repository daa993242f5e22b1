namespace Blackwall.Tarpit.Dns;

/// <summary>An answer that says nothing but to ask again over TCP. Host and tarpit both make it, each for itself.</summary>
public static class DnsTruncation
{
    private const int HeadLength = 12;

    /// <summary>The question itself, as long as it came, marked as an answer that was cut (RFC 1035 §4.1.1). Null: it is no question.</summary>
    public static byte[]? Create(ReadOnlySpan<byte> question)
    {
        if (question.Length < HeadLength || (question[2] & 0x80) != 0)
        {
            return null;
        }

        byte[] answer = question.ToArray();
        answer[2] = (byte)(0x80 | (question[2] & 0x79) | 0x02);
        answer[3] = (byte)(question[3] & 0x10);
        return answer;
    }
}
