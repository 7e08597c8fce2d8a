#include "client/digest/page/check_page.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/client/digest/support/hostile_strings.h"

namespace shield::page {
namespace {

std::string FaultOf(absl::string_view body) {
  const std::optional<PageFault> fault = FindPageFault(body);
  return fault.has_value() ? fault->what : "";
}

TEST(CheckPage, TextTablesAndDrawingsPass) {
  EXPECT_EQ(FaultOf("<section id=\"a\" class=\"b\"><h2>x &lt; y</h2><p>a<br>b "
                    "<a href=\"#b1\">[1]</a> <a href=\"https://a.example/\">a</a> "
                    "<a href=\"mailto:a@b.example\">m</a></p></section>"),
            "");
  EXPECT_EQ(FaultOf("<svg viewBox=\"0 0 1 1\" role=\"img\"><title>t</title>"
                    "<rect x=\"0\" y=\"0\" fill=\"#fff\"/><text x=\"1\" y=\"2\">n</text></svg>"),
            "");
  EXPECT_EQ(FaultOf(""), "");
}

TEST(CheckPage, WhatRunsOrLoadsIsAFault) {
  for (const absl::string_view body : {"<script>x</script>",
                                       "<SCRIPT>x</SCRIPT>",
                                       "<img src=\"https://a.example/x\">",
                                       "<p onclick=\"x\">a</p>",
                                       "<p style=\"color:red\">a</p>",
                                       "<style>p{}</style>",
                                       "<iframe></iframe>",
                                       "<object></object>",
                                       "<embed>",
                                       "<link rel=\"x\">",
                                       "<base href=\"#\">",
                                       "<meta name=\"x\">",
                                       "<form></form>",
                                       "<input>",
                                       "<button>a</button>",
                                       "<video></video>",
                                       "<a href=\"javascript:x\">a</a>",
                                       "<a href=\"java&#115;cript:x\">a</a>",
                                       "<a href=\" javascript:x\">a</a>",
                                       "<a href=\"data:text/html,x\">a</a>",
                                       "<a href=\"http://a.example\">a</a>",
                                       "<a href=\"//a.example\">a</a>",
                                       "<a href=\"/etc/passwd\">a</a>",
                                       "<a ping=\"https://a.example\" href=\"#\">a</a>",
                                       "<svg><script>x</script></svg>",
                                       "<svg><image href=\"x\"/></svg>",
                                       "<svg><use href=\"#x\"/></svg>",
                                       "<svg><a href=\"#x\">x</a></svg>",
                                       "<svg><rect fill=\"url(#x)\"/></svg>",
                                       "<svg><foreignObject></foreignObject></svg>",
                                       "<svg><animate/></svg>",
                                       "<svg><p>x</p></svg>",
                                       "<title>x</title>",
                                       "<svg onload=\"x\"></svg>",
                                       "<p background=\"x\">a</p>"}) {
    EXPECT_NE(FaultOf(body), "") << body;
  }
}

TEST(CheckPage, WhatTwoReadersMayReadDifferentlyIsAFault) {
  for (const absl::string_view body : {"<!-- x -->",
                                       "<!DOCTYPE x>",
                                       "<?x?>",
                                       "<![CDATA[x]]>",
                                       "a < b",
                                       "<p",
                                       "<p>",
                                       "</p>",
                                       "<p></div>",
                                       "<p><b></p></b>",
                                       "<p class=x>a</p>",
                                       "<p class='x'>a</p>",
                                       "<p hidden>a</p>",
                                       "<p class=\"x\"id=\"y\">a</p>",
                                       "<p class=\"x>a</p>",
                                       "<p class=\"<\">a</p>",
                                       "<div/>",
                                       "<p/class=\"x\">a</p>",
                                       "</main>",
                                       "<>",
                                       "</>"}) {
    EXPECT_NE(FaultOf(body), "") << body;
  }
  EXPECT_NE(FaultOf(absl::string_view("<p>a\0b</p>", 10)), "");
  EXPECT_NE(FaultOf("<p>a\x1b[2Jb</p>"), "");
}

TEST(CheckPage, ElementsOneDeeperThanMayBeAreAFault) {
  std::string open;
  std::string closed;
  for (size_t i = 0; i < kMaxElementDepth; ++i) {
    open += "<b>";
    closed += "</b>";
  }
  EXPECT_EQ(FaultOf(open + closed), "");
  EXPECT_NE(FaultOf(absl::StrCat("<b>", open, closed, "</b>")), "");
}

TEST(CheckPage, NamesThePieceThatATemplateIsFoundBy) {
  const std::optional<PageFault> fault = FindPageFault("<p>a</p>\n<script>x</script>");
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->piece, "<script");
  EXPECT_EQ(fault->what, "`<script>` is no element of a page");
}

TEST(CheckPage, HostileMarkupIsFoundWhereItWasNotEscaped) {
  for (const HostileString& hostile : HostileStrings()) {
    if (hostile.aims_at != "markup" || hostile.text.find('<') == std::string::npos) continue;
    const std::string body = absl::StrCat("<p>", hostile.text, "</p>");
    // These three are what a page may hold.
    const bool harmless = hostile.text == "<b>bold</b>" || hostile.text == "<h1>TLP:CLEAR</h1>" ||
                          hostile.text == "<a\nhref=\"https://evil.example/\">two lines</a>";
    if (harmless) continue;
    EXPECT_NE(FaultOf(body), "") << hostile.text;
  }
}

TEST(CheckPage, AStyleThatLoadsOrDisguisesIsAFault) {
  for (const absl::string_view style :
       {"p { background: url(https://a.example/x) }", "p { background: URL( x ) }",
        "@import 'https://a.example/a.css';", "@font-face { font-family: x; src: local(x) }",
        "p { background: \\75rl(x) }", "</style><script>", "p { background: image-set('x' 1x) }",
        "p { width: expression(alert(1)) }", "p { behavior: x }",
        "@page :first { @top-left { content: 'TLP:CLEAR' } }"}) {
    EXPECT_TRUE(FindStyleFault(style).has_value()) << style;
  }
  EXPECT_FALSE(FindStyleFault("p > b { color: #123; margin: 0 }\n").has_value());
}

TEST(CheckPage, AStyleThatLeavesSomethingOpenIsAFault) {
  for (const absl::string_view style :
       {"p { margin: 0 } /* my note", "p { margin: 0 } /*/", "@media speech { p { margin: 0 }",
        "p { content: \"x }", "p { content: 'x\n' }", "p { margin: 0 }}", "p { margin: calc(1px }",
        "p[a { margin: 0 }", "p { margin: 0 ]"}) {
    EXPECT_TRUE(FindStyleFault(style).has_value()) << style;
  }
  EXPECT_FALSE(FindStyleFault("/* a { ' \" */ @media print { p[a=\"}\"] { margin: calc(1px) } }")
                   .has_value());
}

}  // namespace
}  // namespace shield::page
