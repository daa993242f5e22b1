using System.Net;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>
/// A call of XML-RPC. Read without a parser of XML: no entities but the five of XML and numbers, no document types, so many values and so deep
/// and no more.
/// </summary>
internal sealed record XmlRpcCall(string Method, IReadOnlyList<XmlRpcValue> Parameters)
{
    private const int MostValues = 30_000;
    private const int Deepest = 24;

    /// <summary>Null: it is no call.</summary>
    public static XmlRpcCall? Read(string text)
    {
        Reader reader = new(text);
        if (!reader.SkipTo("methodCall") || !reader.SkipTo("methodName"))
        {
            return null;
        }

        string method = WebUtility.HtmlDecode(reader.TextUntilTag().Trim());
        if (method.Length == 0 || !reader.Ends("methodName"))
        {
            return null;
        }

        List<XmlRpcValue> parameters = [];
        if (reader.TryOpen("params"))
        {
            while (reader.TryOpen("param"))
            {
                if (!reader.TryOpen("value") || reader.ReadValue(0) is not { } value || !reader.Ends("param"))
                {
                    return null;
                }

                parameters.Add(value);
            }

            if (!reader.Ends("params"))
            {
                return null;
            }
        }

        return reader.Ends("methodCall") ? new XmlRpcCall(method, parameters) : null;
    }

    private ref struct Reader(string text)
    {
        private readonly string _text = text;
        private int _at;
        private int _values;

        public bool SkipTo(string name)
        {
            int found = _text.IndexOf($"<{name}>", _at, StringComparison.Ordinal);
            _at = found < 0 ? _at : found + name.Length + 2;
            return found >= 0;
        }

        public string TextUntilTag()
        {
            int end = _text.IndexOf('<', _at);
            string read = end < 0 ? _text[_at..] : _text[_at..end];
            _at = end < 0 ? _text.Length : end;
            return read;
        }

        public bool TryOpen(string name) => TryTake($"<{name}>");

        public bool Ends(string name) => TryTake($"</{name}>");

        // After <value>, up to and with </value>.
        public XmlRpcValue? ReadValue(int depth)
        {
            if (depth > Deepest || ++_values > MostValues)
            {
                return null;
            }

            string bare = TextUntilTag();
            if (Ends("value"))
            {
                return XmlRpcValue.Scalar(WebUtility.HtmlDecode(bare));
            }

            XmlRpcValue? value = TryOpen("array") ? ReadArray(depth) : TryOpen("struct") ? ReadStruct(depth) : ReadScalar();
            return value is not null && Ends("value") ? value : null;
        }

        private XmlRpcValue? ReadScalar()
        {
            foreach (string type in new[] { "string", "int", "i4", "boolean", "double", "base64", "dateTime.iso8601" })
            {
                if (TryOpen(type))
                {
                    string read = ReadText();
                    return Ends(type) ? XmlRpcValue.Scalar(read) : null;
                }

                if (TryTake($"<{type}/>"))
                {
                    return XmlRpcValue.Scalar("");
                }
            }

            return TryTake("<nil/>") ? XmlRpcValue.Scalar("") : null;
        }

        private string ReadText()
        {
            const string cdata = "<![CDATA[";
            if (string.CompareOrdinal(_text, _at, cdata, 0, cdata.Length) != 0)
            {
                return WebUtility.HtmlDecode(TextUntilTag());
            }

            int end = _text.IndexOf("]]>", _at, StringComparison.Ordinal);
            string read = end < 0 ? "" : _text[(_at + cdata.Length)..end];
            _at = end < 0 ? _text.Length : end + 3;
            return read;
        }

        private XmlRpcValue? ReadArray(int depth)
        {
            List<XmlRpcValue> items = [];
            if (TryTake("<data/>"))
            {
                return Ends("array") ? new XmlRpcValue("", items, []) : null;
            }

            if (!TryOpen("data"))
            {
                return null;
            }

            while (TryOpen("value"))
            {
                if (ReadValue(depth + 1) is not { } item)
                {
                    return null;
                }

                items.Add(item);
            }

            return Ends("data") && Ends("array") ? new XmlRpcValue("", items, []) : null;
        }

        private XmlRpcValue? ReadStruct(int depth)
        {
            List<KeyValuePair<string, XmlRpcValue>> members = [];
            while (TryOpen("member"))
            {
                if (!TryOpen("name"))
                {
                    return null;
                }

                string name = WebUtility.HtmlDecode(TextUntilTag().Trim());
                if (!Ends("name") || !TryOpen("value") || ReadValue(depth + 1) is not { } value || !Ends("member"))
                {
                    return null;
                }

                members.Add(new(name, value));
            }

            return Ends("struct") ? new XmlRpcValue("", [], members) : null;
        }

        private bool TryTake(string tag)
        {
            int at = _at;
            while (at < _text.Length && char.IsWhiteSpace(_text[at]))
            {
                at++;
            }

            if (string.CompareOrdinal(_text, at, tag, 0, tag.Length) != 0)
            {
                return false;
            }

            _at = at + tag.Length;
            return true;
        }
    }
}
