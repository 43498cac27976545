; Windows knows a file's type by what follows its last dot, and .json belongs to others: Isinglass is only
; offered for it under "Open with".
!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Isinglass.fit" "" "Isinglass fit"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Isinglass.fit\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  WriteRegStr SHELL_CONTEXT "Software\Classes\.json\OpenWithProgids" "Isinglass.fit" ""
!macroend

!macro customUnInstall
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.json\OpenWithProgids" "Isinglass.fit"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Isinglass.fit"
!macroend
