using Blackwall.Tui.Sessions;
using Xunit;

namespace Blackwall.Tests.Tui;

/// <summary>What the recording of a terminal looks like.</summary>
public sealed class TerminalScreenTests
{
    [Theory]
    [InlineData("one\r\ntwo", "one|two")]
    [InlineData("abc\b\bX", "aXc")]
    [InlineData("abc\rX", "Xbc")]
    [InlineData("a\tb", "a       b")]
    [InlineData("0123456789abc", "0123456789|abc")]
    [InlineData("0123456789\r\nnext", "0123456789|next")]
    [InlineData("1\r\n2\r\n3\r\n4\r\n5", "1|2|3|4|5")]
    [InlineData("one\x1b[2J\x1b[Htwo", "two")]
    [InlineData("abcdef\x1b[3D\x1b[K", "abc")]
    [InlineData("abcdef\x1b[1K", "")]
    [InlineData("abcdef\x1b[1G\x1b[2P", "cdef")]
    [InlineData("\x1b[2;3Hx\x1b[Ay\x1b[4Gz", "   z|  x")]
    [InlineData("\x1b" + "7ab\x1b" + "8c", "cb")]
    [InlineData("\x1b]0;title\aa\x1b]2;other\x1b\\b", "ab")]
    [InlineData("\x1b[?2004h\x1b[01;32mroot\x1b[0m\x1b(B#", "root#")]
    [InlineData("\x1b[6n\x1b[c\x1bPq\x1b\\x", "x")]
    public void Sequences_do_what_they_do_on_a_terminal(string output, string rows)
    {
        TerminalScreen screen = new(10, 4);
        screen.Write(output);
        Assert.Equal(rows, string.Join('|', screen.Rows));
    }

    [Fact]
    public void Nothing_but_characters_that_can_be_printed_comes_out_whatever_comes_in()
    {
        Random random = new(7);
        const string letters = "\x1b\x1b\x1b[[[]?;0123456789ABCDGHJKPdfsu\a\b\r\n\t\\ xyzäあ\u202e\ud83d\u009b\u0301";
        for (int round = 0; round < 500; round++)
        {
            TerminalScreen screen = new(random.Next(0, 30), random.Next(0, 8));
            for (int i = 0; i < 20; i++)
            {
                screen.Write(string.Concat(Enumerable.Range(0, 50).Select(_ => letters[random.Next(letters.Length)])));
            }

            Assert.All(screen.Rows, row => Assert.DoesNotContain(row, c => char.IsControl(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate));
        }
    }

    [Fact]
    public void A_recording_is_read_in_pieces_and_what_is_no_line_of_it_is_skipped()
    {
        TerminalRecording recording = new();
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes("{\"version\":2,\"width\":100,\"height\":30}\n[0.5,\"o\",\"a\"]\n[0.6,\"i\",\"typed\"]\nnonsense\n[1]\n[1e99,\"o\",\"ü\"]\n[2,\"o\",");
        foreach (byte value in bytes)
        {
            recording.Add([value]);
        }

        Assert.Equal((100, 30), (recording.Columns, recording.Rows));
        Assert.Equal(["a", "ü"], recording.Pieces.Select(piece => piece.Output));
        Assert.Equal(bytes.Length, recording.Length);
    }
}
